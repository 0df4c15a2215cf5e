// Results of scenarios: asked for one by one, so that the page says how far it is and stays usable.
import { nameOf, scenarioPaths } from "./read.js";

/** name → {…what the server tells, isStale}; `running`: names still to come. */
export class Walks {
  constructor(studio) {
    this.studio = studio;
    this.results = new Map();
    this.waiting = [];
    this.total = 0;
    this.broken = "";
    this.listeners = new Set();
    studio.copy.onChange(({ path }) => path && this.age());
  }

  onChange(listener) {
    this.listeners.add(listener);
  }

  tell() {
    for (const listener of this.listeners) listener(this);
  }

  get isRunning() {
    return this.waiting.length > 0;
  }

  /** What was found before the last change is of another copy. */
  age() {
    for (const result of this.results.values()) result.isStale = true;
    this.tell();
  }

  /** Walks scenarios after each other; a second call replaces what still waits. */
  async run(names) {
    this.waiting = [...names];
    this.total = names.length;
    this.broken = "";
    const mine = (this.turn = {});
    while (this.waiting.length && this.turn === mine) {
      this.tell();
      await this.one(this.waiting[0], mine);
      if (this.turn === mine) this.waiting.shift();
    }
    if (this.turn === mine) this.tell();
  }

  /** One more, behind what still waits. */
  add(name) {
    if (!this.isRunning) return this.run([name]);
    this.waiting.push(name);
    this.total += 1;
    return this.tell();
  }

  runAll() {
    return this.run(scenarioPaths(this.studio.copy).map(nameOf));
  }

  stop() {
    this.turn = null;
    this.waiting = [];
    this.tell();
  }

  async one(name, turn) {
    const { copy, server } = this.studio;
    try {
      const { results, broken } = await server.post("walk", { revision: copy.revision, changes: copy.changes(), names: [name] });
      for (const result of results) this.results.set(result.name, { ...result, isStale: false });
      if (broken) this.fail(broken, turn);
    } catch (problem) {
      this.fail(problem.message, turn);
    }
  }

  fail(words, turn) {
    if (this.turn !== turn) return;
    this.broken = words;
    this.waiting = [null];
  }

  /** Elements some walk passed and those none did, by id with their titles. */
  coverage() {
    const here = new Set(scenarioPaths(this.studio.copy).map(nameOf));
    const all = [...this.results.values()].filter((one) => here.has(one.name));
    const passed = Object.assign({}, ...all.map((one) => one.passed));
    const missed = Object.assign({}, ...all.map((one) => one.missed));
    for (const id of Object.keys(passed)) delete missed[id];
    return { passed, missed };
  }
}

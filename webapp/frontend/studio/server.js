// What the page asks the server for. All JSON; a refusal becomes a Problem with the server's sentence.
import { t } from "./words.js";

const EXPIRED = "web.form_expired";

/** `status` 0: no answer came. `data`: the whole JSON of the answer. */
export class Problem extends Error {
  constructor(status, sentence, data = {}) {
    super(sentence);
    this.status = status;
    this.data = data;
  }
}

export class Server {
  constructor(address) {
    this.address = address;
    this.token = document.querySelector('meta[name="csrf-token"]').content;
  }

  get(path) {
    return this.ask(path, { method: "GET" });
  }

  post(path, body, signal) {
    return this.ask(path, { method: "POST", body: JSON.stringify(body), signal });
  }

  /** Raises Problem; AbortError where `signal` stopped it. Whoever signed in again in another window has
      another token: it is fetched, and the question asked once more. */
  async ask(path, options) {
    const answer = await this.send(path, options);
    if (answer.problem?.data.code === EXPIRED && (await this.renew())) return this.give(await this.send(path, options));
    return this.give(answer);
  }

  give({ data, problem }) {
    if (problem) throw problem;
    return data;
  }

  /** Takes the token of the page as it is now; false where nobody is signed in. */
  async renew() {
    const answer = await fetch(this.address);
    if (!answer.ok || answer.redirected) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.token = page.querySelector('meta[name="csrf-token"]').content;
    return true;
  }

  /** {data} or {problem}. */
  async send(path, options) {
    const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": this.token };
    let answer;
    try {
      answer = await fetch(`${this.address}/${path}`, { ...options, headers });
    } catch (failure) {
      if (failure.name === "AbortError") throw failure;
      throw new Problem(0, t("没有连上服务器。您改的还在这台电脑上，连上以后会再试。"));
    }
    const data = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
    if (answer.ok) return { data };
    if (answer.status === 401) return { problem: new Problem(401, t("登录过期了，改的内容还在这一页。"), data) };
    const problem = new Problem(answer.status, data.detail ?? t("服务器没能完成（{status}）。您改的还在这一页，请再试一次。", { status: answer.status }), data);
    return { problem };
  }
}

// Findings while somebody works: asked for a moment after the last change, the newest answer counts.

const QUIET_MS = 250;

/** {findings, names, case, running, failed} and who wants to hear of it. */
export function watchChecks(studio) {
  const listeners = new Set();
  let timer = 0;
  let running = null;

  async function check() {
    running?.abort();
    const mine = (running = new AbortController());
    const asked = { revision: studio.copy.revision, changes: studio.copy.changes() };
    tell({ running: true });
    const began = performance.now();
    try {
      const told = await studio.server.post("check", asked, mine.signal);
      tell({ ...told, running: false, failed: "", took: performance.now() - began, at: new Date() });
    } catch (failure) {
      if (failure.name !== "AbortError") tell({ running: false, failed: failure.message });
    }
  }

  function tell(news) {
    Object.assign(checks, news);
    for (const listener of listeners) listener(checks);
  }

  const checks = {
    findings: [],
    names: {},
    case: {},
    running: false,
    failed: "",
    onCheck(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    soon(after = QUIET_MS) {
      clearTimeout(timer);
      timer = setTimeout(check, after);
    },
    /** Findings of one file, by element ("" for the file itself). */
    of(path) {
      return checks.findings.filter((one) => path.endsWith(`/${one.file}`) || path === one.file);
    },
  };
  studio.copy.onChange(() => checks.soon());
  return checks;
}

// What the page asks the server for. All JSON; a refusal becomes a Problem with the server's sentence.
import { t } from "./words.js";

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

  /** Raises Problem; AbortError where `signal` stopped it. */
  async ask(path, options) {
    const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": this.token };
    let answer;
    try {
      answer = await fetch(`${this.address}/${path}`, { ...options, headers });
    } catch (failure) {
      if (failure.name === "AbortError") throw failure;
      throw new Problem(0, t("没有连上服务器。您改的还在这台电脑上，连上以后会再试。"));
    }
    const data = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
    if (answer.ok) return data;
    if (answer.status === 401) throw new Problem(401, t("登录过期了。请在另一个窗口登录，再回到这里保存，改的内容还在。"), data);
    throw new Problem(answer.status, data.detail ?? t("服务器没能完成（{status}）。您改的还在这一页，请再试一次。", { status: answer.status }), data);
  }
}

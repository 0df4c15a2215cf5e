// Several windows of one browser on one package: each has a name of its own, and knows which others live.

const CHANNEL = "fengqiao-studio";
const NAME = "fengqiao-studio-window";
/** Windows of the same browser answer within a few milliseconds. */
const ANSWER_MS = 150;

const freshName = () => [...crypto.getRandomValues(new Uint8Array(8))].map((one) => one.toString(16).padStart(2, "0")).join("");

function remembered() {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null; // A browser that keeps nothing: the name lasts as long as the page.
  }
}

function remember(id) {
  try {
    sessionStorage.setItem(NAME, id);
  } catch {
    // As above.
  }
}

/** {id, others}: the name of this window, kept when it is loaded anew, and a Set of those of the others
    that are open now. A window that was duplicated has the name of the other one, and takes a new one,
    also where the other answers late. */
export async function introduce() {
  const me = { id: "", others: new Set() };
  const channel = new BroadcastChannel(CHANNEL);
  const question = freshName();
  const take = (id) => {
    me.id = id;
    remember(id);
  };
  channel.onmessage = ({ data: { asks, answers, from } }) => {
    if (asks && me.id) channel.postMessage({ answers: asks, from: me.id });
    if (answers !== question) return;
    me.others.add(from);
    if (from === me.id) take(freshName());
  };
  channel.postMessage({ asks: question });
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  const kept = remembered();
  take(kept && !me.others.has(kept) ? kept : freshName());
  return me;
}

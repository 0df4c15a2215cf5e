// What is not saved yet is kept in this browser, so that a closed window or a lost network loses nothing.

const NAME = "fengqiao-studio";
const STORE = "unsaved";

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function act(mode, work) {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const asked = work(database.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } catch {
    return undefined; // A browser that keeps nothing: saving on the server works all the same.
  }
}

/** `kept`: {revision, changes, base, at}; `key` names the package, whoever works, and the window. */
export const keep = (key, kept) => act("readwrite", (store) => store.put(kept, key));
export const forget = (key) => act("readwrite", (store) => store.delete(key));

/** [[key, kept]] of all windows: `name` is how their keys begin. */
export async function listKept(name) {
  const range = IDBKeyRange.bound(name, `${name} \uffff`);
  const [keys, all] = await Promise.all([act("readonly", (store) => store.getAllKeys(range)), act("readonly", (store) => store.getAll(range))]);
  return (keys ?? []).map((key, at) => [key, all?.[at]]).filter(([key, kept]) => kept && (key === name || key.startsWith(`${name} `)));
}

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

/** `kept`: {revision, changes, at}; `key` names the package and whoever works. */
export const keep = (key, kept) => act("readwrite", (store) => store.put(kept, key));
export const forget = (key) => act("readwrite", (store) => store.delete(key));
export const recall = (key) => act("readonly", (store) => store.get(key));

// Browsers keep what was overwritten in their files until they tidy them, some for months. Deleting a
// database tidies what lies around it, so a few empty ones are made and deleted.

const NAMES = ["jinlin-tidy-1", "jinlin-tidy-2", "jinlin-tidy-3", "jinlin-tidy-4"];

/** Have the browser drop what was overwritten, as far as it can be made to. Never fails. */
export async function scrub() {
  try {
    for (const name of NAMES) await made(name);
    for (const name of NAMES) await done(indexedDB.deleteDatabase(name));
  } catch (problem) {
    console.warn("not tidied:", problem);
  }
}

async function made(name) {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("a").put(1, 1);
  (await done(opening)).close();
}

const done = (asked) =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => resolve(asked.result);
  });

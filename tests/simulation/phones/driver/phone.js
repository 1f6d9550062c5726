// A phone as its page: up to two tabs with a worker each, a history to play, and a memory of its own
// of what was recorded, answered and said, which the judge compares with what the phone stored.

const MAX_ROUNDS = 80;
const WAIT_MS = 50;
const LOOKS = 5; // in each round

let tabs = [];
const nothing = () => ({ recorded: [], heard: [], told: [], looked: [], trouble: [] });
let seen = nothing();
let numbers = 0;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class Tab {
  constructor() {
    this.asked = new Map();
    this.worker = new Worker("/simulation/tab.js", { type: "module" });
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (event) => seen.trouble.push({ what: `worker: ${event.message}` });
    this.started = this.ask({ do: "start" });
  }

  hear(said) {
    if (said.kind !== "done") {
      seen[said.kind].push(said);
      return;
    }
    const resolve = this.asked.get(said.number);
    this.asked.delete(said.number);
    if (said.problem) seen.trouble.push({ what: said.problem });
    if (resolve) resolve(said.answer);
  }

  ask(what) {
    numbers += 1;
    const number = numbers;
    return new Promise((resolve) => {
      this.asked.set(number, resolve);
      this.worker.postMessage({ ...what, number });
    });
  }

  // Whoever waits for an answer of a stopped worker gets none.
  stop() {
    this.worker.terminate();
    for (const resolve of this.asked.values()) resolve(null);
    this.asked.clear();
  }
}

const tab = (at) => (tabs[at] = tabs[at] || new Tab());

/** Forget everything: the next phone of this page starts with empty storage. */
async function empty() {
  for (const one of tabs) if (one) one.stop();
  tabs = [];
  seen = nothing();
  const all = await indexedDB.databases();
  await Promise.all(all.map(({ name }) => deleted(name)));
}

const deleted = (name) =>
  new Promise((resolve, reject) => {
    const deleting = indexedDB.deleteDatabase(name);
    deleting.onsuccess = resolve;
    deleting.onerror = () => reject(deleting.error);
  });

const STEPS = {
  pause: ({ ms }) => pause(ms),
  restart: async ({ tab: at }) => {
    if (tabs[at]) tabs[at].stop();
    tabs[at] = null;
    await tab(at).started;
  },
};

/** Play a history. A step with `wait` 0 goes on while the next ones begin. */
async function play(steps) {
  for (const step of steps) {
    const act = STEPS[step.do] || ((one) => tab(one.tab).ask(one));
    const doing = act(step);
    if (step.wait) await doing;
    if (tabs[0]) tabs[0].ask({ do: "look" });
  }
}

async function start() {
  return tab(0).started;
}

/** Sync until nothing waits and a round trip of now succeeded. How many rounds it took; 0: never. The
 * `last` time with the phone's account of that moment. */
async function settle(last) {
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const since = Date.now();
    const isQuiet = ({ state, pill }) => Date.parse(state.ok_at || 0) >= since && pill.state === "synced" && state.complete;
    await tab(0).ask({ do: "sync", why: "quiet" });
    if (await soon(isQuiet)) {
      const told = last ? await account() : null;
      if (!last || isQuiet(told)) return { ...told, round };
    }
  }
  return { ...(await account()), round: 0 };
}

// A sync that was under way goes on after it was asked for once more: asking again would begin another.
async function soon(isQuiet) {
  for (let look = 0; look < LOOKS; look += 1) {
    if (isQuiet(await tab(0).ask({ do: "stands" }))) return true;
    await pause(WAIT_MS);
  }
  return false;
}

const account = async () => ({ ...(await tab(0).ask({ do: "account" })), seen });

/** What was recorded before the phone began to say what waits on it, and that. */
async function midway() {
  const before = seen.recorded.map(({ id }) => id);
  const { entries } = await account();
  return { before, waiting: entries.filter((one) => "waiting" in one).map(({ id }) => id) };
}

window.phone = { empty, start, play, midway, settle };

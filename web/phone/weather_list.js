// What a task of the weather list says, told by its contacts. Twin of the last part of sync/weather_list.py.

// What a contact may say. Who did not answer is still to be reached.
export const SETTLES = ["safe", "needs_help", "moved", "declined"];
const MET = ["met", "met_family", "phone_ok"];
const MOVED = ["away", "hospital", "institution", "moved_out", "deceased"];
const NOBODY = { outcome: "", by: "", by_name: "", at: "", is_late: 0, note: "" };

/** The limit of its colour, or half of the time that was left, whichever is first. */
export const overdueAt = ({ due_at: due, half_at: half }) => [due, half].filter(Boolean).sort()[0] || "";

/** A task after somebody tried; the same contact twice is one. */
export function withContact(task, contact) {
  const others = task.contacts.filter(({ id }) => id !== contact.id);
  const order = (one, other) => (one.at + one.id < other.at + other.id ? -1 : 1);
  return told({ ...task, contacts: [...others, contact].sort(order) });
}

/** A task after a contact was taken back. */
export function withoutContact(task, id) {
  const left = task.contacts.filter((one) => one.id !== id);
  return left.length < task.contacts.length ? told({ ...task, contacts: left }) : task;
}

/** A task after the visit that is one of its contacts was put right. */
export function corrected(task, { id, result, method, note }) {
  const before = task.contacts.find((one) => one.id === id);
  if (!before) return task;
  const isSame = MET.includes(result) && ["safe", "needs_help"].includes(before.outcome);
  return withContact(task, { ...before, outcome: isSame ? before.outcome : outcomeOf(result), method, note });
}

function outcomeOf(result) {
  if (MET.includes(result)) return "safe";
  if (result === "refused") return "declined";
  return MOVED.includes(result) ? "moved" : "no_answer";
}

/** A task as its contacts tell it: the first that says how they are has the clock. */
function told(task) {
  const counted = task.contacts.filter(({ at }) => at >= task.again_at);
  const settling = counted.find(({ outcome }) => SETTLES.includes(outcome));
  const { outcome, by, by_name, at, is_late, note } = settling || counted[counted.length - 1] || NOBODY;
  const kept = task.state === "cancelled" ? "cancelled" : "open";
  return { ...task, state: settling ? "done" : kept, outcome, by, by_name, at, is_late, note };
}

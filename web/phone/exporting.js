// The outbox as a file that the office can import when a phone cannot send: the very texts, so
// nothing is counted twice when they also arrive by themselves.

import * as identity from "./identity.js";
import * as outbox from "./outbox.js";
import * as standing from "./standing.js";

/** Answer with the file: { device, person, ledger, operations: [text, …] }. */
export async function exportFile() {
  const person = await identity.current();
  if (!person) return Response.redirect("/signin", 303);
  const file = await contents(person);
  const name = `jinlin-${file.made_at.slice(0, 10)}-${file.operations.length}.json`;
  return new Response(JSON.stringify(file, null, 1), {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": `attachment; filename="${name}"`,
      "Cache-Control": "no-store",
    },
  });
}

async function contents(person) {
  const kept = [...(await outbox.waiting(person.id)), ...(await outbox.tray(person.id))];
  const state = await standing.known(person.id);
  const { recorded, received, code } = await standing.ledger(person.id, state);
  return {
    jinlin: "outbox",
    made_at: new Date().toISOString(),
    device: person.device,
    person: { id: person.id, name: person.name },
    ledger: { recorded, received, upto: Math.min(state.upto || 0, recorded), code },
    operations: kept.filter(({ text }) => text).sort((one, other) => one.n - other.n).map(({ text }) => text),
  };
}

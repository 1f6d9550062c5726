"""Deliberate bugs in the phone's modules, to show that the simulation can fail.

A mutant is served in the place of the module; the module itself is never touched.
"""

from dataclasses import dataclass

from tests.browser.rig import WEB

Change = tuple[str, str, str]  # path, what stands there once, what is served instead


@dataclass(frozen=True)
class Mutant:
    name: str
    does: str
    changes: tuple[Change, ...]

    def patched(self) -> dict[str, str]:
        """The texts of the changed modules, by path."""
        texts: dict[str, str] = {}
        for path, old, new in self.changes:
            text = texts.get(path) or (WEB / path.removeprefix("/")).read_text("utf-8")
            assert text.count(old) == 1, f"{path} does not hold once: {old}"
            texts[path] = text.replace(old, new)
        return texts


BELIEVE = """
export const believe = (personId, batch) =>
  write(personal(personId), ["operations"], async (tx) => {
    const all = tx.objectStore("operations");
    const receipt = { outcome: "accepted", seq: {} };
    for (const one of batch) await all.put(flags({ ...one, receipt }, "accepted", Date.now()));
  });
"""
CURSORS_FIRST = """
export async function takeIn(personId, heard) {
  const { cursors } = heard.answer;
  const plan = await pulled.planned(personId, target({}, heard.answer), [], cursors);
  await write(personal(personId), STORES, (tx) => pulled.takeChanges(tx, plan));
  await new Promise((resolve) => setTimeout(resolve, 20));
  return takeInNow(personId, heard);
}
"""

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "any_200_is_believed",
        "an entry leaves the outbox when any page comes back with 200",
        (
            (
                "/phone/roundtrip.js",
                "...understood(response.status, await response.text(),",
                "...believed(response.ok, response.status, await response.text(),",
            ),
            (
                "/phone/roundtrip.js",
                "function changesOf(",
                "const believed = (ok, ...more) => ({ ...understood(...more), ok });\n"
                "function changesOf(",
            ),
            (
                "/phone/sync.js",
                'if (heard.kind === "answer") {',
                "if (heard.ok) await outbox.believe(person.id, batch);\n"
                'if (heard.kind === "answer") {',
            ),
            ("/phone/outbox.js", "function add(personId", BELIEVE + "function add(personId"),
        ),
    ),
    Mutant(
        "numbers_are_not_unique",
        "two tabs may take the same number, and the later one wins",
        (
            ("/phone/outbox.js", "await all.add(entry);", "await all.put(entry);"),
            (
                "/phone/outbox.js",
                "return alone(`jinlin-record-${personId}`, async () => {",
                "return ((_, work) => work())('', async () => {",
            ),
        ),
    ),
    Mutant(
        "cursors_before_changes",
        "the cursors are stored first, and the records a moment later",
        (
            (
                "/phone/answers.js",
                "export async function takeIn(personId, heard,",
                CURSORS_FIRST + "async function takeInNow(personId, heard,",
            ),
        ),
    ),
    Mutant(
        "saved_meanwhile_is_sent",
        "what was saved while a sync ran counts as answered by it",
        (
            (
                "/phone/outbox.js",
                '  const all = tx.objectStore("operations");\n  for (const { id, n, outcome,',
                '  const all = tx.objectStore("operations");\n'
                "  if (receipts.length) for (const one of await all.index('waiting').getAll())"
                " receipts = [...receipts, { id: one.id, outcome: 'accepted' }];\n"
                "  for (const { id, n, outcome,",
            ),
        ),
    ),
    Mutant(
        "said_too_early",
        "已同步 is said when the last round trip went well, whatever waits",
        (
            (
                "/phone/standing.js",
                'return { state: count > 0 ? "waiting" : "synced", count };',
                'return { state: state.error ? "waiting" : "synced", count };',
            ),
        ),
    ),
    Mutant(
        "saved_is_not_shown",
        "what was saved stays out of the records until the server sends them",
        (
            (
                "/phone/outbox.js",
                "hash: await hashOf(text), waiting: 1, effect: 1 }",
                "hash: await hashOf(text), waiting: 1 }",
            ),
        ),
    ),
)

BY_NAME = {mutant.name: mutant for mutant in MUTANTS}

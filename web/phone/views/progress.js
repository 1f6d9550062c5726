// How far a list is: numbers, and a row of steps that can be seen from afar.
// Twin of server/field/views/progress.py.

const STEPS_SHOWN = 30;

/** `done` are rows that say whether they wait to be sent. */
export function progress(todo, done) {
  const waiting = done.reduce((sum, at) => sum + at.waiting, 0);
  const total = todo + done.length;
  const shown = Math.min(total, STEPS_SHOWN);
  const scaled = (number) => (total > STEPS_SHOWN ? Math.floor((number * shown) / total) : number);
  const solid = scaled(done.length - waiting);
  const striped = scaled(waiting);
  const blank = shown - solid - striped;
  return {
    total,
    done: done.length,
    left: todo,
    waiting,
    steps: [...Array(solid).fill("done"), ...Array(striped).fill("wait"), ...Array(blank).fill("")],
  };
}

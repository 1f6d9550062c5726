// One at a time, across tabs and workers, where the browser knows Web Locks. Without them we go on:
// numbers are unique in the database, and what is pushed twice is answered as a duplicate.

/** Do `work` when nobody else does anything under this name. */
export function alone(name, work) {
  const { locks } = self.navigator;
  return locks ? locks.request(name, work) : work();
}

/** Do `work` unless somebody is already at it; `otherwise` is answered then. */
export function unlessBusy(name, work, otherwise) {
  const { locks } = self.navigator;
  if (!locks) return work();
  return locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : otherwise));
}

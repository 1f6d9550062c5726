/** A list to be worked off: what was ticked stays ticked while one goes on from one to the next. */

const picked = new Set();

const idOf = (box) => box.value.split(":")[0];
const BOX = ".queue__pick input";
const boxes = () => document.querySelectorAll(`${BOX}:not(:disabled)`);

function pick({ target }) {
  if (!target.matches(BOX)) return;
  if (target.checked) picked.add(idOf(target));
  else picked.delete(idOf(target));
  count();
}

/** A list that was drawn anew; what is gone from it was decided or lies in another window. */
function restore() {
  for (const box of boxes()) box.checked = picked.has(idOf(box));
  picked.clear();
  for (const box of boxes()) if (box.checked) picked.add(idOf(box));
  count();
}

function count() {
  for (const shown of document.querySelectorAll("[data-picked]")) shown.textContent = picked.size;
}

document.addEventListener("change", pick);
document.addEventListener("htmx:after:swap", restore);
restore();

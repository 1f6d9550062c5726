/** 待审: what was ticked stays ticked while one goes on from visit to visit. */

const picked = new Set();

const idOf = (box) => box.value.split(":")[0];
const boxes = () => document.querySelectorAll("input[name=visits]:not(:disabled)");

function pick({ target }) {
  if (!target.matches("input[name=visits]")) return;
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

// Two taps that need care: undoing one made by mistake, and one that should be sure.

/** A button with data-undo="10" stands out for ten seconds; one with data-sure asks before it acts. */
export function watchTaps() {
  document.addEventListener("htmx:after:swap", calmLater);
  document.addEventListener("submit", beSure, { capture: true });
  calmLater();
}

function calmLater() {
  for (const button of document.querySelectorAll("[data-undo]")) {
    const seconds = Number(button.dataset.undo);
    delete button.dataset.undo;
    setTimeout(() => button.classList.add("button--quiet"), seconds * 1000);
  }
}

function beSure(event) {
  const button = event.submitter || event.target.querySelector("[data-sure]");
  const question = button && button.dataset.sure;
  if (!question || window.confirm(question)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

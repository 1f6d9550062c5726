// Taps that need care: undoing one made by mistake, one that should be sure, one that dials.

/**
 * A button with data-undo="10" stands out for ten seconds; one with data-sure asks before it acts. A
 * link with data-stamp dials and says so: its form is sent at once.
 */
export function watchTaps() {
  document.addEventListener("htmx:after:swap", calmLater);
  document.addEventListener("submit", beSure, { capture: true });
  document.addEventListener("click", dialled);
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

function dialled(event) {
  const link = event.target.closest && event.target.closest("[data-stamp]");
  if (!link) return;
  if (link.getAttribute("href").startsWith("#")) event.preventDefault();
  link.closest("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
}

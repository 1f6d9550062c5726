// A text that is handed on: copied with one tap, or shared where the browser can. `data-copy` and
// `data-share` name the element that holds it.

const canShare = typeof navigator.share === "function";

export function watchTexts() {
  document.addEventListener("click", tapped);
  document.addEventListener("htmx:after:swap", offer);
  offer();
}

function offer() {
  for (const button of document.querySelectorAll("[data-share]")) button.hidden = !canShare;
}

function tapped({ target }) {
  const button = target.closest && target.closest("[data-copy], [data-share]");
  if (!button) return;
  if (button.dataset.copy) copy(button, document.getElementById(button.dataset.copy));
  else navigator.share({ text: document.getElementById(button.dataset.share).textContent }).catch(() => {});
}

async function copy(button, holder) {
  const isDone = await write(holder);
  const said = button.parentElement.nextElementSibling;
  said.querySelector("[data-copied]").hidden = !isDone;
  said.querySelector("[data-uncopied]").hidden = isDone;
}

// Pages without TLS and some built-in browsers have no clipboard, but copy what is selected.
async function write(holder) {
  try {
    await navigator.clipboard.writeText(holder.textContent);
    return true;
  } catch {
    window.getSelection().selectAllChildren(holder);
    return document.execCommand("copy");
  }
}

/** Waits until the server is back after a restore, and goes back to where that was asked for. */

const FIRST_MS = 4000;
const AGAIN_MS = 1500;

async function look() {
  try {
    const answer = await fetch("/up", { cache: "no-store" });
    if (answer.ok) return location.replace(document.getElementById("restoring").dataset.back);
  } catch {
    // It is still away.
  }
  setTimeout(look, AGAIN_MS);
}

setTimeout(look, FIRST_MS);

/** Keeps the time since a warning was issued going. It counts on from what the server said: the
 * clock of this computer may be wrong. */

let told = "";
let toldAt = 0;

function tick() {
  const shown = document.querySelector("[data-elapsed]");
  if (!shown) return;
  if (shown.dataset.elapsed !== told) {
    told = shown.dataset.elapsed;
    toldAt = performance.now();
  }
  const seconds = Number(told) + Math.floor((performance.now() - toldAt) / 1000);
  if (seconds < 3600) shown.textContent = `${Math.floor(seconds / 60)} 分 ${String(seconds % 60).padStart(2, "0")} 秒`;
}

setInterval(tick, 1000);

// The sign-in page: shows the password on request, and whose work waits on this phone. Works without
// this file, too.

const password = document.getElementById("password");
const show = document.getElementById("show");

if (show) {
  show.hidden = false;
  show.addEventListener("click", () => {
    const hidden = password.type === "password";
    password.type = hidden ? "text" : "password";
    show.setAttribute("aria-pressed", String(hidden));
    password.focus();
  });
}

const kept = document.getElementById("kept");
const worker = navigator.serviceWorker && navigator.serviceWorker.controller;

if (kept && worker) {
  const line = new MessageChannel();
  line.port1.onmessage = ({ data: { name, count } }) => {
    if (count === 0) return;
    kept.querySelector("[data-name]").textContent = name;
    kept.querySelector("[data-count]").textContent = count;
    kept.hidden = false;
  };
  worker.postMessage({ type: "kept" }, [line.port2]);
}

/** Plays a warning minute by minute: the slider asks for a minute, "播放" moves the slider. */

const PAUSE_MS = 700;

const form = document.getElementById("replay");
const slider = document.getElementById("step");
const play = document.getElementById("play");
let wanted = "";
let timer = 0;

/** Show the minute of the slider; a newer wish overtakes an older answer. */
async function show() {
  const step = slider.value;
  wanted = step;
  const url = `${form.action}?step=${step}`;
  let answer;
  try {
    answer = await fetch(url, { redirect: "error" });
  } catch {
    return stop();
  }
  if (!answer.ok) return stop();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const stage = fresh.getElementById("stage");
  if (!stage || wanted !== step) return;
  document.getElementById("stage").replaceWith(stage);
  history.replaceState(null, "", url);
}

function stop() {
  clearTimeout(timer);
  timer = 0;
  play.textContent = "播放";
}

async function go() {
  if (slider.valueAsNumber >= Number(slider.max)) return stop();
  slider.valueAsNumber += 1;
  await show();
  if (timer) timer = setTimeout(go, PAUSE_MS);
}

play.addEventListener("click", () => {
  if (timer) return stop();
  if (slider.value === slider.max) slider.value = 0;
  play.textContent = "暂停";
  timer = setTimeout(go, PAUSE_MS);
});
slider.addEventListener("input", show);
document.getElementById("look").hidden = true;
play.hidden = false;

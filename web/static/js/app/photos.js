// Photos of a visit's form. Each is drawn anew, small, upright and with nothing written into it, and
// given to the worker at once: it survives a page that the camera pushed out. Without a worker the
// small ones take the place of those chosen and go with the form.

const LONGEST = 1600;
const ENOUGH = 400 * 1024;
const LADDER = [[0.82, 1], [0.7, 1], [0.58, 1], [0.46, 1], [0.46, 0.75], [0.46, 0.5]];
const MOST = 5;
// What no browser opens; the answer says so.
const UNFIT = { blob: new Blob(["?"], { type: "application/octet-stream" }), width: 0, height: 0 };
let working = Promise.resolve();
let atWork = 0;

export function keepPhotos() {
  document.addEventListener("change", ({ target }) => isPicker(target) && begin(() => take(target)));
  document.addEventListener("click", ({ target }) => {
    const button = target.closest && target.closest("[data-photo-off]");
    if (button) begin(() => takeOut(button));
  });
  document.addEventListener("submit", holdBack, { capture: true });
}

const isPicker = (target) => target.matches && target.matches("input[data-photos]");

// One after the other: a phone has little room for photos side by side.
function begin(work) {
  atWork += 1;
  working = working.then(work).catch((problem) => console.error("photo:", problem)).then(() => (atWork -= 1));
}

// A form that is sent while a photo is still drawn waits for it.
function holdBack(event) {
  if (atWork === 0 || !event.target.querySelector("[data-photos], [data-photo-off]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter || event.target.querySelector("button.button--main");
  working.then(() => button.click());
}

async function take(picker) {
  // One more than a form takes: then the answer says that some were left out.
  const files = Array.from(picker.files).slice(0, MOST + 1);
  const form = picker.form;
  const isKept = !picker.name;
  const small = [];
  for (const file of files) {
    const photo = await smaller(file).catch(() => null);
    if (isKept) await keep(form, photo || UNFIT);
    else small.push(photo ? new File([photo.blob], `${small.length + 1}.jpg`, { type: "image/jpeg" }) : file);
  }
  if (isKept) return;
  const chosen = new DataTransfer();
  for (const file of small) chosen.items.add(file);
  picker.files = chosen.files;
  sayChosen(picker, small.length);
}

// In the page's own words: the browser's are in the browser's language.
function sayChosen(picker, n) {
  const said = picker.parentElement.querySelector("[data-photos-said]");
  said.dataset.none = said.dataset.none || said.textContent;
  said.textContent = n > 0 ? said.dataset.photosSaid.replace("{n}", n) : said.dataset.none;
}

async function keep(form, { blob, width, height }) {
  const asked = new URLSearchParams({ form: form.dataset.draft, width, height });
  await swap(form, fetch(`/media/kept?${asked}`, { method: "POST", headers: { "Content-Type": blob.type }, body: blob }));
}

function takeOut(button) {
  const body = new URLSearchParams({ form: button.form.dataset.draft, sha256: button.dataset.photoOff });
  return swap(button.form, fetch("/media/removals", { method: "POST", body }));
}

async function swap(form, asking) {
  const drawn = new DOMParser().parseFromString(await (await asking).text(), "text/html").getElementById("photos");
  const photos = form.querySelector("#photos");
  if (drawn) photos.replaceWith(drawn);
  else photos.querySelector("[data-photos-wrong]").hidden = false;
}

/** The photo as a JPEG of at most 1,600 pixels and 400 KB: { blob, width, height }. */
async function smaller(file) {
  const picture = await opened(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  let blob = null;
  for (const [quality, part] of LADDER) {
    canvas.width = Math.max(1, Math.round(picture.width * scale * part));
    canvas.height = Math.max(1, Math.round(picture.height * scale * part));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob && blob.size <= ENOUGH) break;
  }
  const { width, height } = canvas;
  if (picture.close) picture.close();
  canvas.width = canvas.height = 0; // gives its room back at once
  return blob && { blob, width, height };
}

// Both turn the picture as the camera was held.
async function opened(file) {
  try {
    return await createImageBitmap(file);
  } catch {
    const image = new Image();
    image.src = URL.createObjectURL(file);
    await image.decode().finally(() => URL.revokeObjectURL(image.src));
    return image;
  }
}

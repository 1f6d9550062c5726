// How this phone's pages look: language, text size, elder mode. Server pages read the same cookies.

import { PHONE, read, write } from "./db.js";
import { renew } from "./drawing.js";
import { hasEnglish, keepEnglish } from "./shell.js";

const NAMES = { lang: ["zh-CN", "en"], mode: ["normal", "elder"], size: ["normal", "large", "largest"], theme: ["auto", "light", "dark"] };
const YEAR_MS = 365 * 86_400_000;
const CHINESE = "zh-CN";
const ENGLISH = "en";
const NO_ENGLISH = "第一次换成英文要有网络，现在取不到。English needs a network the first time.";

/** The settings of this phone; a name that was never chosen is absent. English counts once its words are here. */
export async function settings() {
  const chosen = await kept();
  return chosen.lang === ENGLISH && !(await hasEnglish()) ? { ...chosen, lang: CHINESE } : chosen;
}

const kept = () =>
  read(PHONE, ["state"], async (tx) => (await tx.objectStore("state").get("settings")) || {});

/** Keep what a form or a page's cookies say; anything else in it is ignored. */
export async function choose(wanted) {
  const known = Object.entries(wanted).filter(([name, value]) => NAMES[name] && NAMES[name].includes(value));
  await write(PHONE, ["state"], async (tx) => {
    const state = tx.objectStore("state");
    await state.put({ ...(await state.get("settings")), ...Object.fromEntries(known) }, "settings");
  });
  for (const [name, value] of known) await setCookie(`jinlin_${name}`, value);
}

/** Who chose English before this phone had its words, or lost them since, gets them. */
export async function fetchWords(version) {
  const { lang } = await kept();
  if (lang === ENGLISH && !(await hasEnglish()) && (await keepEnglish(version))) renew();
}

/** Say it to pages of the server, too, where the browser lets a worker. */
export async function setCookie(name, value) {
  if (!self.cookieStore) return;
  await self.cookieStore.set({ name, value, path: "/", sameSite: "lax", expires: Date.now() + YEAR_MS }).catch(() => {});
}

/** Answer the form of 更多: keep what was tapped and show the page again. */
export async function changeLooks({ request, version }) {
  const wanted = Object.fromEntries(new URLSearchParams(await request.text()));
  if (wanted.lang === ENGLISH) {
    if (!(await keepEnglish(version))) return Response.redirect(`/me?error=${encodeURIComponent(NO_ENGLISH)}`, 303);
    renew();
  }
  await choose(wanted);
  return Response.redirect("/me", 303);
}

// How this phone's pages look: language, text size, elder mode. Server pages read the same cookies.

import { PHONE, read, write } from "./db.js";

const NAMES = { lang: ["zh-CN", "en"], mode: ["normal", "elder"], size: ["normal", "large", "largest"], theme: ["auto", "light", "dark"] };
const YEAR_MS = 365 * 86_400_000;

/** The settings of this phone; a name that was never chosen is absent. */
export const settings = () =>
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

async function setCookie(name, value) {
  if (!self.cookieStore) return;
  await self.cookieStore.set({ name, value, path: "/", sameSite: "lax", expires: Date.now() + YEAR_MS }).catch(() => {});
}

/** Answer the form of 更多: keep what was tapped and show the page again. */
export async function changeLooks({ request }) {
  const form = new URLSearchParams(await request.text());
  await choose(Object.fromEntries(form));
  return Response.redirect("/me", 303);
}

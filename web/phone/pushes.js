// A push woke this phone: its title is shown, and what it is about is fetched. Nothing else of it is
// shown, since a locked phone lies about for everybody to read.

import { syncNow } from "./talk.js";

const NOTHING = { title: "", incident: "" };
const UNNAMED = "社区有新消息";

/** Show it and sync; the browser wants something shown, whatever came. */
export async function noticed(data, version) {
  const { title, incident } = read(data);
  const look = { tag: incident || "news", renotify: true, lang: "zh-CN", icon: "/static/icons/icon-192.png", data: { path: incident ? `/alerts/${encodeURIComponent(incident)}` : "/" } };
  await Promise.all([self.registration.showNotification(title || UNNAMED, look), syncNow(version).catch(() => {})]);
}

/** Somebody tapped it: the warning opens, in a page that is already there where there is one. */
export async function opened(notification) {
  notification.close();
  const { path } = notification.data;
  const [page] = await self.clients.matchAll({ type: "window" });
  if (!page) return self.clients.openWindow(path);
  await page.focus();
  return page.navigate(path);
}

function read(data) {
  try {
    return { ...NOTHING, ...data.json() };
  } catch {
    return NOTHING;
  }
}

// Pages that need no records: feedback, sign-in, and what is shown when there is nothing.
// Twin of server/field/views/plain.py.

import { pageOf, sceneOf } from "./scene.js";

/** Names for field/feedback.html. `params`: page (where it was opened), text, error, sent, replaces. */
export function feedback(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const about = inside(params.page || "");
  return {
    ...pageOf(scene, "意见反馈", "/feedback", { tab: "me", back: about }),
    about,
    text: params.text || "",
    error: params.error || "",
    sent: params.sent || 0,
    replaces: params.replaces || "",
  };
}

/**
 * Names for field/signin.html. `params`: username, next, error (a sentence), community_name and
 * office_phone, held: {name, count} of unsent work on this phone.
 */
export function signin(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const { page, pill } = pageOf(scene, "登录", "/signin");
  return {
    pill,
    page: {
      ...page,
      office_phone: page.office_phone || params.office_phone || "",
      community_name: page.community_name || params.community_name || "",
    },
    username: params.username || "",
    next: inside(params.next || ""),
    error: params.error || "",
    held: params.held || { name: "", count: 0 },
  };
}

/**
 * Names for field/missing.html. `params`: path; why: absent (not on this phone or not yours), wrong
 * (something broke), forbidden, revoked (the office shut this phone out), or offline (only the network has it).
 */
export function missing(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  return {
    ...pageOf(scene, "没有这一页", params.path || "/", { back: "/" }),
    why: params.why || "absent",
    is_help: Number((params.path || "").startsWith("/help")),
  };
}

/** A path of this site and nothing else. */
const inside = (path) => (/^\/(?![/\\])/.test(path) ? path : "/");

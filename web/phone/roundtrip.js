// One push and pull over the network, and telling our server's answer from anything else.

import { items, members } from "./raw.js";

const TIMEOUT_MS = 30_000;
// Where there is no network, a request fails at once; what fails later was cut while it was sent.
const CUT_AFTER_MS = 2_000;
const LONGEST_RETRY_MS = 300_000;

/**
 * Ask once. `asked` is the head of the request, `texts` are operations as they were recorded: they
 * go out byte for byte. Resolves with { kind, … }, never throws:
 * "answer" (with `answer`, and `changes` whose records are JSON text), "offline", "timeout", "cut",
 * "away" (a gateway answers for a server that does not), "signin", "mismatch", "too_large",
 * "unreadable", "busy" or "trouble" (with `code`, and `retry_ms` where a time was named).
 */
export async function exchange(asked, texts, timeout = TIMEOUT_MS) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout);
  const sentAt = Date.now();
  let isSent = false;
  try {
    const response = await fetch("/sync", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: bodyOf({ ...asked, sent_at: new Date(sentAt).toISOString() }, texts),
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
      signal: stop.signal,
    });
    isSent = true;
    return { ...understood(response.status, await response.text(), (sentAt + Date.now()) / 2), retry_ms: retryAfter(response) };
  } catch {
    const isCut = !isSent && Date.now() - sentAt > CUT_AFTER_MS;
    return { kind: stop.signal.aborted ? "timeout" : isCut ? "cut" : "offline", code: "network" };
  } finally {
    clearTimeout(timer);
  }
}

/** How long the server asks to be left alone, no more than some minutes; 0 when it does not say. */
export function retryAfter({ status, headers }, now = Date.now()) {
  const said = [429, 503].includes(status) ? headers.get("Retry-After") || "" : "";
  const wait = /^\d+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - now;
  return Math.min(Math.max(wait || 0, 0), LONGEST_RETRY_MS);
}

/** Whether a gateway says that the server behind it does not answer. */
export const isAway = (status) => [502, 503, 504].includes(status);

const KINDS = { 400: "unreadable", 401: "signin", 409: "mismatch", 413: "too_large", 429: "busy", 503: "busy" };

// A captive portal answers anything with 200; only JSON that names an epoch is an answer of ours,
// and only JSON with a code is a refusal of ours. A proxy's bare 413, 429 or 5xx is believed too.
function understood(status, text, middle) {
  const found = parsed(text);
  if (status === 200 && found && typeof found.epoch === "string") {
    return { kind: "answer", answer: found, changes: changesOf(found, text), ahead: middle - Date.parse(found.server_at) };
  }
  const isOurs = found && typeof found.code === "string";
  if (isOurs || status === 413) return { kind: KINDS[status] || "trouble", code: isOurs ? found.code : "push.too_large" };
  if (isAway(status)) return { kind: "away", code: `http.${status}` };
  if (status === 429) return { kind: "busy", code: "http.503" };
  if (status >= 500) return { kind: "trouble", code: `http.${status}` };
  return { kind: "offline", code: "portal" };
}

function changesOf(answer, text) {
  if (answer.changes.length === 0) return [];
  const raw = items(members(text).changes);
  return answer.changes.map(({ stream, kind, id }, at) => ({ stream, kind, id, record: members(raw[at]).record }));
}

const bodyOf = (head, texts) => `${JSON.stringify(head).slice(0, -1)},"ops":[${texts.join(",")}]}`;

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

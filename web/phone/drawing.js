// Draws templates of the version that this worker belongs to, and makes answers of them.

import { makeDrawing } from "./render.js";
import { drawingOf } from "./shell.js";

// The same policy that the server sends with its pages (server/web.py).
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
  "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const PLAIN = "没有网络，这一页打不开。您记下的都还在。";

let drawing = null;

/** Begin to fetch what drawing needs, while records are still being read. */
export function prepare(version) {
  if (drawing) return;
  drawing = drawingOf(version).then(makeDrawing);
  drawing.catch(() => (drawing = null));
}

/** Read anew what drawing needs, since more of it is here by now. */
export const renew = () => (drawing = null);

/** The text of a template. Everything it takes is in `context`. */
export async function drawn(version, name, context) {
  prepare(version);
  return (await drawing)(name, context);
}

/** An answer with a template drawn into it. */
export const answer = async (version, name, context, status = 200) =>
  html(await drawn(version, name, context), status);

/** An answer in words alone, for when not even templates are here. */
export const plainly = (status = 503) => html(`<!doctype html><meta charset="utf-8"><p>${PLAIN}</p>`, status);

function html(text, status) {
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  };
  return new Response(text, { status, headers });
}

// Forms of field pages: each becomes an operation, kept on this phone, and the fragment it changed.

import * as alertForms from "./alert_forms.js";
import * as contacts from "./contact_forms.js";
import * as days from "./days.js";
import { answer } from "./drawing.js";
import * as forms from "./forms.js";
import * as outbox from "./outbox.js";
import { raising, stepping } from "./issue_forms.js";
import { online } from "./network.js";
import { idOf } from "./operations.js";
import { onThisPhone } from "./pages.js";
import { addPictures } from "./photos.js";
import { ofPath } from "./redirects.js";
import { askedAt, asking } from "./views/asking.js";
import { VIEWS } from "./views/index.js";
import { caseOf } from "./views/ladder.js";
import { sceneOf } from "./views/scene.js";
import { warning } from "./views/warnings.js";
import * as weather from "./weather_forms.js";

const GONE = ["moved_out", "deceased"];
const FULL = "手机存满了，这一条没有保存。请清理照片或别的应用，再点一次保存。";
const BROKEN = "手机没能存下这一条。请再点一次保存；还不行就关掉应用重开，写的内容还在。";

const FORMS = [
  { path: /^\/households\/([^/]+)\/visits$/, take: visit },
  { path: /^\/visits\/([^/]+)\/withdrawals$/, take: withdrawal },
  { path: /^\/visits\/([^/]+)\/corrections$/, take: correction },
  { path: /^\/contacts\/([^/]+)\/changes$/, take: contactChange },
  { path: /^\/households\/([^/]+)\/contacts$/, take: contactAdd },
  { path: /^\/followups\/([^/]+)\/closings$/, take: closing },
  { path: /^\/households\/([^/]+)\/events$/, take: lifeEvent },
  { path: /^\/residents\/([^/]+)\/proposals$/, take: proposal },
  { path: /^\/households\/([^/]+)\/ladder\/steps$/, take: step },
  { path: /^\/pairs\/([^/]+)\/contacts$/, take: pairContact },
  { path: /^\/contact-tasks\/([^/]+)\/contacts$/, take: alertContact },
  { path: /^\/alerts\/([^/]+)\/acknowledgements$/, take: onAlert("alert.acknowledge", alertForms.acknowledging) },
  { path: /^\/alerts\/([^/]+)\/forwards$/, take: onAlert("alert.forward", alertForms.forwarding) },
  { path: /^\/alerts\/([^/]+)\/confirmations$/, take: onAlert("alert.confirm", alertForms.confirming) },
  { path: /^\/alerts\/([^/]+)\/silences$/, take: onAlert("alert.unreachable", alertForms.unreached) },
  { path: /^\/issues$/, take: issue },
  { path: /^\/issues\/([^/]+)\/steps$/, take: issueStep },
  { path: /^\/feedback$/, take: feedback },
];

export const isFieldForm = ({ url }) => FORMS.some(({ path }) => path.test(url.pathname));

/** Keep what a form says and answer with what it changed; to the server where nothing is held here. */
export async function record(asked) {
  const here = await onThisPhone(asked.version);
  if (!here) return online(asked);
  const { path, take } = FORMS.find((form) => form.path.test(asked.url.pathname));
  const [, id] = path.exec(asked.url.pathname);
  const { fields, files } = await fieldsOf(asked.request);
  const taken = take(ofPath(asked.url, id, here.shelf), fields, { ...here, today: todayOf(here) });
  if (taken) taken.replaces = (fields.replaces || [])[0];
  if (!taken) return answer(asked.version, "field/missing.html", VIEWS.missing(here.shelf, {}, here.now, here.settings), 404);
  if (taken.error) return refuse(asked, here, taken);
  try {
    if (taken.form) await addPictures(here.person.id, taken, fields, files);
    const entry = await outbox.record(here.person.id, { ...taken, id: idOf(fields) });
    return isSwap(asked) ? changed(asked, taken, entry.id) : seeOther(taken.back(entry.id));
  } catch (problem) {
    console.error("not kept:", problem);
    const error = problem.name === "QuotaExceededError" ? FULL : BROKEN;
    return refuse(asked, here, { ...taken, error, field: "" }, 507);
  }
}

function visit(id, fields, { shelf, now, today, settings }) {
  const household = shelf.get("household", id);
  if (!household) return null;
  const asked = asking(sceneOf(shelf, now, settings), household, fields.list);
  return {
    ...forms.visit(fields, household, atHome(shelf, id), now, today, asked),
    kind: "visit.record",
    form: `visit-${id}`,
    again: `/households/${id}/visit`,
    back: (made) => `/households/${id}?saved=${made}`,
    fragment: "_saved",
    view: "saved_visit",
  };
}

function withdrawal(id, _fields, { shelf }) {
  const made = shelf.get("visit", id);
  return made && { data: { id }, kind: "visit.withdraw", ...ofVisit(made) };
}

function correction(id, fields, { shelf, now, today, settings }) {
  const made = shelf.get("visit", id);
  if (!made) return null;
  const asked = askedAt(sceneOf(shelf, now, settings), made);
  return { ...forms.correction(fields, made, atHome(shelf, made.household_id), today, asked), kind: "visit.correct", ...ofVisit(made) };
}

function contactChange(id, fields, { shelf, today }) {
  const known = shelf.get("contact", id);
  if (!known) return null;
  const seen = Number((fields.base || [])[0]) || known.version;
  const base = Math.min(seen, known.version);
  const again = `/contacts/${id}/change`;
  return { ...contacts.contactChange(fields, known, today), kind: "contact.change", base, again, ...ofContact(known.household_id, id) };
}

function contactAdd(id, fields, { shelf, today }) {
  const household = shelf.get("household", id);
  const again = `/households/${id}/contact`;
  return household && { ...contacts.contactAdd(fields, household, today), kind: "contact.add", again, ...ofContact(id) };
}

function closing(id, fields, { shelf }) {
  const found = shelf.get("followup", id);
  return found && {
    ...forms.closing(fields, found),
    kind: "followup.close",
    again: `/followups/${id}`,
    back: () => `/households/${found.household_id}`,
    fragment: "_followup",
    view: "followup",
    about: id,
  };
}

function lifeEvent(id, fields, { shelf, today }) {
  const household = shelf.get("household", id);
  if (!household) return null;
  const pages = { again: `/households/${id}/event`, back: () => `/households/${id}`, fragment: "_event", view: "event", about: id };
  return { ...forms.lifeEvent(fields, household, today), kind: "life_event.record", ...pages };
}

function proposal(id, fields, { shelf }) {
  const person = shelf.get("resident", id);
  if (!person) return null;
  const base = Math.min(Number((fields.base || [])[0]) || person.version, person.version);
  const pages = { again: `/residents/${id}/proposal`, back: () => `/households/${person.household_id}`, fragment: "_proposal", view: "proposal", about: id };
  return { ...forms.proposal(fields, person), kind: "resident.change", base, ...pages };
}

function step(id, fields, { shelf, now, settings }) {
  const found = caseOf(sceneOf(shelf, now, settings), id);
  const path = `/households/${id}/ladder`;
  const pages = { again: path, back: () => path, fragment: "_ladder", view: "ladder", about: id };
  return found && { ...forms.ladderStep(fields, found), kind: "ladder.step", ...pages };
}

function pairContact(id, fields, { shelf }) {
  const pair = shelf.get("pair", id);
  const pages = { again: "/pairs", back: () => "/pairs", fragment: "_pair", view: "changed_pair", about: id };
  return pair && { ...forms.pairingContact(fields, pair), kind: "pairing.contact", ...pages };
}

function alertContact(id, fields, { shelf, now, settings }) {
  const task = shelf.get("contact_task", id) || shelf.get("pair_task", id);
  if (!task) return null;
  const household = task.checklist && shelf.get("household", task.household_id);
  const asked = household ? asking(sceneOf(shelf, now, settings), household, [task.checklist]) : [];
  const pages = { again: `/contact-tasks/${id}`, back: () => `/alerts/${task.incident_id}/contacts`, fragment: "_call", view: "saved_call", about: id };
  return { ...weather.alertContact(fields, task, now, asked), kind: "alert.contact", ...pages };
}

function onAlert(kind, filled) {
  return (id, fields, { shelf, now, settings }) => {
    const found = warning(sceneOf(shelf, now, settings), id);
    const path = `/alerts/${id}`;
    return found && { ...filled(fields, found), kind, again: path, back: () => path, fragment: "_alert", view: "alert", about: id };
  };
}

function issue(_id, fields, { shelf }) {
  const [door, building] = ["household_id", "building_id"].map((name) => forms.one(fields, name));
  const household = door ? shelf.get("household", door) : null;
  if ((door && !household) || (building && !shelf.get("building", building))) return null;
  const taken = raising(fields, household ? household.building_id : building, door);
  const from = door ? `/households/${door}` : building && !fields.nowhere ? `/buildings/${building}` : "";
  const about = taken.data.id;
  return {
    ...taken,
    kind: about ? "issue.join" : "issue.raise",
    form: `issue-${from ? door || building : "new"}`,
    again: from ? `${from}/issue` : "/issues/new",
    back: (made) => `/issues?saved=${about || made}`,
    fragment: "_issue",
    view: "saved_issue",
    about,
    from,
  };
}

function issueStep(id, fields, { shelf }) {
  if (!shelf.get("issue", id) && !shelf.get("report", id)) return null;
  return {
    ...stepping(fields, id, (fields.media || []).length),
    kind: "issue.step",
    form: `step-${id}`,
    again: `/issues/${id}`,
    back: () => `/issues/${id}?sent=1`,
    fragment: "_matter",
    view: "matter",
    about: id,
  };
}

function feedback(_id, fields) {
  return {
    ...forms.feedback(fields),
    kind: "feedback.send",
    again: "/feedback",
    back: () => "/feedback?sent=1",
    fragment: "_thanks",
    view: "feedback",
  };
}

const ofVisit = ({ id, household_id }) => ({
  again: `/visits/${id}/correction`,
  back: () => `/households/${household_id}`,
  fragment: "_visit",
  view: "changed_visit",
  about: id,
});

const ofContact = (householdId, about) => ({
  back: () => `/households/${householdId}`,
  fragment: "_contact",
  view: "changed_contact",
  about,
});

async function changed({ version }, { fragment, view, about, from = "" }, made) {
  const { shelf, now, settings } = await onThisPhone(version);
  const context = VIEWS[view](shelf, { id: about || made, sent: 1, back: from }, now, settings);
  return answer(version, `field/${fragment}.html`, context);
}

function refuse(asked, { settings }, { error, field, again }, status = 422) {
  if (!isSwap(asked)) return seeOther(`${again}?${new URLSearchParams({ error, field })}`);
  const page = { lang: settings.lang || "zh-CN" };
  return answer(asked.version, "field/_refusal.html", { sentence: error, page }, status);
}

// A page that the server drew sends its pictures as files.
async function fieldsOf(request) {
  const isPlain = !(request.headers.get("Content-Type") || "").startsWith("multipart/");
  const said = isPlain ? new URLSearchParams(await request.text()) : await request.formData();
  const [fields, files] = [{}, []];
  for (const [name, value] of said) {
    if (typeof value !== "string") files.push(value);
    else (fields[name] = fields[name] || []).push(value.replace(/\r\n?/g, "\n"));
  }
  return { fields, files: files.filter(({ size }) => size > 0) };
}

function todayOf({ shelf, now }) {
  const [community] = shelf.all("community");
  return days.day(now, community ? community.timezone : "Asia/Shanghai");
}

const atHome = (shelf, householdId) =>
  shelf.of("resident", "household_id", householdId).filter(({ status }) => !GONE.includes(status));

const isSwap = ({ request }) => Boolean(request.headers.get("HX-Request"));

const seeOther = (path) => Response.redirect(path, 303);

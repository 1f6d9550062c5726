// Answers as a visit's record keeps them: with the words of their edition, as far as it is known.
// Twin of sync/wordings.py.

const CHOSEN = ["one", "multi"];

/** Checkups as a visit's record keeps them, before anything is known of their lists. */
export const shown = (checkups) =>
  checkups.map((one) => ({
    consent: "",
    consent_method: "",
    ...one,
    cards: (one.cards || []).map(cardShown),
    answers: Object.fromEntries(Object.entries(one.answers).map(([name, said]) => [name, answerShown(said)])),
  }));

const cardShown = ({ id, opened_at = "", calls = [], closed_at = "" }) => ({
  id, opened_at, calls: calls.map(({ to, at = "" }) => ({ to, at })), closed_at,
});

const answerShown = ({ value, unchanged = false, asked = "", said = [] }) => ({
  value: value === null || value === undefined ? "" : value, unchanged: Number(unchanged), asked, said,
});

/** A checkup with the wording of its questions. What the person did not agree to is `declined`. */
export function explained(checkup, consent, editions) {
  const exact = editions.find((one) => one.edition === checkup.version);
  const answers = {};
  for (const [name, answer] of Object.entries(checkup.answers)) {
    const own = questionOf(exact, name);
    const question = own || editions.map((one) => questionOf(one, name)).find(Boolean);
    const { declined, ...said } = answer;
    const isDeclined = own && consent === "no" && !own.safety;
    answers[name] = { ...(question ? worded(said, question) : said), ...(isDeclined ? { declined: 1 } : {}) };
  }
  return { ...checkup, answers };
}

function worded(answer, question) {
  const codes = Array.isArray(answer.value) ? answer.value : [answer.value];
  const labels = new Map(question.options.map(({ code, label }) => [code, label]));
  const chosen = codes.filter((one) => typeof one === "string" && labels.has(one)).map((one) => labels.get(one));
  const said = answer.said.length > 0 || !CHOSEN.includes(question.type) ? answer.said : chosen;
  const after = { ...answer, asked: answer.asked || question.ask, said };
  return question.restricted ? { ...after, restricted: 1 } : after;
}

/** The answers that the person agreed to give, as [name, answer]. */
export const counted = ({ answers }) => Object.entries(answers).filter(([, one]) => !one.declined);

export const questionOf = (definition, name) =>
  (definition && definition.questions.find(({ id }) => id === name)) || null;

/** A visit as a phone keeps it: without answers that are for the office alone. */
export const outside = (visit) => ({
  ...visit,
  checkups: visit.checkups.map((one) => {
    const open = Object.entries(one.answers).filter(([, answer]) => !answer.restricted);
    return { ...one, answers: Object.fromEntries(open) };
  }),
});

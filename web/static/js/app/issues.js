// The form of an issue while it is filled in: the kind follows the words until somebody chooses it,
// and what was reported of this kind lately stands below. The form works without this file.

import { proposed } from "/phone/issue_words.js";

export function watchIssue(form) {
  let isOwn = isChosen(form);
  const follow = ({ target }) => {
    const { category } = form.elements;
    if (target === category) isOwn = isChosen(form);
    if (!isOwn) category.value = proposal(form);
    showNear(form);
  };
  form.addEventListener("input", follow);
  form.addEventListener("change", follow);
  form.addEventListener("restored", () => {
    isOwn = isChosen(form);
    follow({});
  });
  follow({});
}

const isChosen = (form) => ![proposal(form), ""].includes(form.elements.category.value);

function proposal({ elements }) {
  const chosen = elements.quick.value;
  const words = [chosen, elements.text.value.trim()].filter(Boolean).join("；");
  return words && proposed(words);
}

function showNear(form) {
  const { category, joins } = form.elements;
  const all = [...form.querySelectorAll("[data-near]")];
  if (all.length === 0) return;
  for (const one of all) one.hidden = one.dataset.near !== category.value;
  const isAny = all.some((one) => !one.hidden);
  form.querySelector("[data-nears]").hidden = !isAny;
  if (all.some((one) => one.hidden && one.querySelector("input").checked)) joins.value = "";
}

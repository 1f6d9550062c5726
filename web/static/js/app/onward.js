// Who of a door is asked next: the way to the next list, once nothing is left of one.

/** `left` says of each list how many questions have no answer. Twin of onward() in phone/views/checkup.js. */
export function showOnward(panels, left) {
  panels.forEach((panel, at) => {
    const following = [...panels.slice(at + 1), ...panels.slice(0, at)];
    const isNext = (one) => one.dataset.resident !== panel.dataset.resident && left.get(one) > 0;
    lead(panel, left.get(panel) === 0 && following.find(isNext));
  });
}

function lead(panel, next) {
  const link = panel.querySelector("[data-onward]");
  if (!link) return;
  link.hidden = !next;
  link.previousElementSibling.classList.toggle("button--main", !next);
  link.previousElementSibling.classList.toggle("button--tall", Boolean(next));
  if (!next) return;
  link.href = `#${next.id}`;
  link.textContent = link.dataset.onward.replace("{name}", next.dataset.name);
}

// What the form of a telephone number becomes. Twin of server/field/contact_forms.py.

import { different, filled, isEmpty, one, wrong } from "./forms.js";

const PHONE = /^\+?\d{3,15}$/;

/** Data of contact.change: only what differs. */
export function contactChange(fields, before, today) {
  const after = contactData(fields, today);
  if (!PHONE.test(after.phone)) return badPhone();
  after.verified_on = after.verified_on || before.verified_on;
  const changes = different(Object.entries(after), before);
  if (isEmpty(changes)) return wrong("没有改动。", "phone");
  return filled({ id: before.id, changes });
}

/** Data of contact.add. */
export function contactAdd(fields, household, today) {
  const data = contactData(fields, today);
  if (!PHONE.test(data.phone)) return badPhone();
  return filled({ household_id: household.id, resident_id: one(fields, "resident_id"), ...data });
}

function contactData(fields, today) {
  return {
    name: Array.from(one(fields, "name").trim()).slice(0, 40).join(""),
    relation: one(fields, "relation"),
    phone: one(fields, "phone").replace(/[^\d+]/g, ""),
    verified_on: one(fields, "verified") ? today : "",
  };
}

const badPhone = () => wrong("电话号码不对，应是 3 到 15 位数字。", "phone");

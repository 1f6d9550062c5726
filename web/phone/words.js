// Words that field pages show: translations, labels of codes, days, clocks, phone numbers.
// Twin of server/field/words.py, held equal by tests/vectors/words.json.

import * as days from "./days.js";

const CHINESE = "zh-CN";
const ENGLISH = "en";
const WEEKDAYS = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const PLACE = /\{(\w+)\}/g;
const MOBILE = /^(1\d{2})(\d{4})(\d{4})$/;
const LANDLINE = /^(010|02\d|0[3-9]\d{2})(\d{4})(\d{3,4})$/;
const LOCAL = /^(\d{3,4})(\d{4})$/;

/**
 * The words of one language, as functions that a template calls as filters. `labels` and
 * `english` are web/locale/labels.json and en.json.
 */
export function makeWords({ labels, english, lang }) {
  const isEnglish = lang === ENGLISH;

  const sentence = (text, values) => {
    if (!isEnglish) return text;
    const found = Object.hasOwnProperty.call(english, text) ? english[text] : text;
    if (typeof found === "string") return found;
    return values.n === 1 ? found.one : found.other;
  };

  /** The text in this language; what has no translation stays Chinese. */
  const t = (text) => sentence(text, {});

  /** A sentence with its {places} filled. `n` decides between one and many in English. */
  const say = (text, values) => fill(sentence(text, values), values);

  /** A sentence in pieces, those between *stars* marked strong; values are never marks. */
  const parts = (text, values) =>
    sentence(text, values)
      .split("*")
      .map((piece, at) => ({ text: fill(piece, values), strong: at % 2 }))
      .filter((piece) => piece.text);

  /** What people call a code; a code nobody has named is shown as it is. */
  const label = (code, kind) => t(Object.hasOwnProperty.call(labels[kind], code) ? labels[kind][code] : code);

  /** 9月15日, with the year when it is not the year of `today`. */
  const day = (on, today) => {
    if (!on) return "";
    const [year, month, date] = on.slice(0, 10).split("-").map(Number);
    const sameYear = on.slice(0, 4) === today.slice(0, 4);
    if (isEnglish) return `${date} ${MONTHS[month - 1]}` + (sameYear ? "" : ` ${on.slice(0, 4)}`);
    return (sameYear ? "" : `${year}年`) + `${month}月${date}日`;
  };

  /** 10/2, for a cell of the building map. */
  const short_day = (on) => {
    const [, month, date] = on.slice(0, 10).split("-").map(Number);
    return isEnglish ? `${date} ${MONTHS[month - 1]}` : `${month}/${date}`;
  };

  const weekday = (on) => t(WEEKDAYS[days.weekday(on.slice(0, 10))]);

  /** 09:52 of a local moment. */
  const clock = (at) => at.slice(11, 16);

  /** 今天 09:52, 昨天 16:40, 9月10日 16:40; last year's without the clock. */
  const when = (at, now) => {
    if (!at) return "";
    const [on, today] = [at.slice(0, 10), now.slice(0, 10)];
    if (on === today) return `${t("今天")} ${clock(at)}`;
    if (on === days.after(today, -1)) return `${t("昨天")} ${clock(at)}`;
    return day(on, today) + (on.slice(0, 4) === today.slice(0, 4) ? ` ${clock(at)}` : "");
  };

  return {
    lang: isEnglish ? ENGLISH : CHINESE,
    filters: { t, label, day, short_day, weekday, clock, when, phone, count, size },
    globals: { say, parts },
  };
}

/** 199 0000 0702 and 020-0000 0000, as people read them out. */
function phone(digits) {
  if (MOBILE.test(digits)) return digits.replace(MOBILE, "$1 $2 $3");
  if (LANDLINE.test(digits)) return digits.replace(LANDLINE, "$1-$2 $3");
  return digits.replace(LOCAL, "$1 $2");
}

/** 38 MB, 2.1 GB. */
function size(megabytes) {
  const tenths = Math.floor((megabytes * 10 + 512) / 1024);
  return megabytes >= 1000 ? `${Math.floor(tenths / 10)}.${tenths % 10} GB` : `${megabytes} MB`;
}

const count = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

const fill = (text, values) => text.replace(PLACE, (place, name) => String(values[name]));

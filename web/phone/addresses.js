// Any spelling of a door becomes { compound, building, unit, room }, for the search on the phone.
// Twin of sync/addresses.py, address_texts.py and numerals.py; the vectors hold for both.

const UNSEEN = /[\s\x00-\x1f\x7f-\xa0\u200b-\u200f\u2060\ufeff"'“”‘’`]/gu;
const DASH = /[-‐‑‒–—―−﹣_/\\ー~]+/gu;
const WORDS = "[〇零一二三四五六七八九十百]+";
const NUMERAL = new RegExp(`${WORDS}(?=[栋幢座楼号单梯门横巷期区层室房#])`, "gu");
const LAST = new RegExp(`([栋幢座楼号元梯门层之#-])(${WORDS})(?=-|$)`, "gu");
const ONE = "[一二三四五六七八九]";
const COUNT = new RegExp(`^(?:(${ONE})百)?(?:零(${ONE})|(${ONE})?(十)(${ONE})?)?$`, "u");
const VALUES = { 〇: 0, 零: 0, 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };

const ZONE = "(?:(?:[A-Z0-9]{1,2}|[东西南北中])[期区])?";
const CODE = "(?:[A-Z]{0,2}[0-9]{1,3}[A-Z]?|[A-Z]{1,2}|[甲乙丙丁戊己东西南北中])";
const LANE = "[东西南北中上下]?[0-9]{1,3}横?巷[0-9]{1,3}";
const STAIR = "(?:[A-Z]?[0-9]{1,2}[A-Z]?|[A-Z]|[甲乙丙丁东西南北中])";
const BARE = "(?:[A-Z]{0,2}[0-9]{1,6}[A-Z]?|[A-Z]{1,2})";
const SHAPE = new RegExp(
  `^(?:(${LANE}(?:号(?:之[0-9][0-9]?(?=-|$))?|(?=-)))-?` +
    `|(${ZONE}${CODE})(号楼|#楼|[栋幢座楼#])-?` +
    `|(${ZONE}${CODE})号-?(?=[A-Z0-9])` +
    `|(${CODE})-(?=${STAIR}(?:单元|梯|门)))?` +
    `(?:(${STAIR})(?:单元|梯|门)-?)?` +
    "(?:([0-9]{1,2})[层楼]-?)?" +
    `(?:(${BARE}(?:-${BARE})*)(?:号?[室房户]|号|房间)?)?$`,
  "u",
);
const ASIDE = /[(][^A-Z0-9()]*[)]/gu;
const LEAD = /^[^A-Z0-9]{2,40}/u;
const GLUED = /^([A-Z]{1,2})([0-9]{3})$/u;
const MAX_TEXT = 80;
const MAX_PLAIN = 400;

/** What a person searching may mean, likeliest first; an empty part stands for any. */
export function asked(text, compounds = []) {
  const spaced = text.slice(0, MAX_TEXT).normalize("NFKC").trim();
  const dashed = spaced.replace(/([A-Za-z0-9])\s+(?=[A-Za-z0-9])/gu, "$1-");
  const read = readAddress(dashed, compounds) || withHalfACompound(dashed, compounds);
  if (!read || read.parts.length > 3 || (read.unit && read.parts.length > 1)) return [];

  const { compound, building, parts } = read;
  const address = (more) => ({ compound, building: "", unit: "", room: "", ...more });
  const room = parts[parts.length - 1] || "";
  if (parts.length === 3) {
    return building ? [] : [address({ building: parts[0], unit: parts[1], room })];
  }
  if (parts.length === 2 && !building) {
    return [address({ building: parts[0], room }), address({ unit: parts[0], room })];
  }
  const unit = parts.length === 2 ? parts[0] : read.unit;
  const found = [address({ building, unit, room })];
  const glued = GLUED.exec(room);
  if (glued && !building) found.push(address({ building: glued[1], unit, room: glued[2] }));
  if (room && room.length <= 2 && !building && !read.unit) found.push(address({ building: room }));
  return found.filter((one) => one.compound || one.building || one.unit || one.room);
}

/** How well a door answers: 2 it is the one, 1 its room begins so, 0 not at all. */
export function rank(wanted, door) {
  if (!door.compound.includes(wanted.compound)) return 0;
  if (wanted.building && wanted.building !== door.building) return 0;
  if (wanted.unit && wanted.unit !== door.unit) return 0;
  if (!wanted.room || wanted.room === door.room) return 2;
  return door.room.startsWith(wanted.room) ? 1 : 0;
}

/** The address of a stored door, from the names that its records show. */
export function known(compound, building, unit, doorNo) {
  return {
    compound: compoundCode(compound),
    building: buildingCode(building),
    unit: unitCode(unit),
    room: unpadded(plain(doorNo)),
  };
}

export function buildingCode(name) {
  const read = readAddress(name, []);
  return (read && (read.building || read.parts[0])) || plain(name);
}

export function plain(text) {
  const half = Array.from(text).slice(0, MAX_PLAIN).join("").normalize("NFKC").toUpperCase();
  return half.replace(UNSEEN, "").replace(DASH, "-").replace(/^-+|-+$/gu, "");
}

function readAddress(text, compounds) {
  let rest = plain(text).replace(ASIDE, "");
  if (Array.from(rest).length > MAX_TEXT) return null;
  const names = Array.from(new Set(compounds.map(compoundCode))).filter((one) => one.length > 1);
  names.sort((one, other) => other.length - one.length || (one < other ? -1 : 1));
  const found = names.find((name) => rest.includes(name)) || "";
  if (found) rest = rest.slice(rest.lastIndexOf(found) + found.length).replace(/^小区/u, "");
  rest = numbers(rest.replace(/^-+/u, ""));
  const shape = SHAPE.exec(rest);
  if (!shape) return null;

  let [, lane = "", marked, _mark, numbered, beforeUnit, unit = "", floor = "", parts] = shape;
  if (lane && !lane.includes("号")) lane += "号";
  const building = unpadded(lane || marked || numbered || beforeUnit || "");
  const bare = parts ? unpadded(parts).split("-") : [];
  return { compound: found, building, unit: unitCode(unit), floor, parts: bare };
}

/** 红棉3栋502 while somebody types; other leading words (清龙社区) say nothing. */
function withHalfACompound(text, compounds) {
  const whole = numbers(plain(text));
  const lead = LEAD.exec(whole);
  const read = lead && readAddress(whole.slice(lead[0].length), []);
  if (!read || !(read.building || read.unit || read.floor || read.parts.length)) return null;
  const half = compounds.some((one) => compoundCode(one).includes(lead[0]));
  return { ...read, compound: half ? lead[0] : "" };
}

function compoundCode(name) {
  return plain(name).replace(/(..)小区$/u, "$1");
}

function unitCode(text) {
  const bare = numbers(`${plain(text)}单元`).slice(0, -2);
  const code = unpadded(bare.replace(/(?:单元|梯|门)$/u, ""));
  return code === "0" ? "" : numbers(code);
}

function numbers(text) {
  return text
    .replace(NUMERAL, (run) => number(run))
    .replace(LAST, (_, mark, run) => mark + number(run))
    .replace(/第(?=[0-9])/gu, "");
}

function number(word) {
  const digits = Array.from(word);
  if (digits.every((one) => one in VALUES)) return digits.map((one) => VALUES[one]).join("");
  const parts = COUNT.exec(word);
  if (!parts) return word;
  const [, hundreds, odd, tens, ten, ones] = parts;
  const total = 100 * (VALUES[hundreds] || 0) + (VALUES[odd] || 0) + (VALUES[ones] || 0);
  return String(total + (ten ? 10 * (VALUES[tens] || 1) : 0));
}

function unpadded(text) {
  return text.replace(/[0-9]+/gu, (run) => run.replace(/^0+/u, "") || "0");
}

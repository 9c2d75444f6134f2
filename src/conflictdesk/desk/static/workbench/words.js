// Values in words, and what a coder types read as values. Pure: no page, no server.
export const FIELDS = ["event_type", "date", "place", "actor1", "actor2", "deaths", "injured", "civilian_targeting", "attribution", "note"];
export const TITLES = {
  event_type: "What", date: "When", place: "Where", actor1: "Actor 1", actor2: "Actor 2", deaths: "Killed",
  injured: "Injured", civilian_targeting: "Civilians targeted", attribution: "Attribution", note: "Note",
};
// Each state: the mark, its words.
export const STATES = {
  suggested: ["○", "suggested"], confirmed: ["●", "confirmed"], changed: ["✎", "changed"],
  rejected: ["✕", "rejected"], not_stated: ["∅", "not stated"], empty: ["·", "nothing proposed"],
};
export const PLACE_PRECISION = { 1: "a named town or site", 2: "near a place, or a small area", 3: "a province or large region", 4: "the country alone" };
export const PLACE_KINDS = { country: "country", admin1: "province", admin2: "district", town: "town", area: "area", site: "site", water: "water" };
export const DATE_PRECISION = { 1: "to the day", 2: "within a week", 3: "within a month", 4: "coarser than a month" };
export const BASES = { claimed: "claimed it", accused: "is accused", reported: "is reported", unclaimed: "nobody has claimed it" };
export const KINDS = ["State forces", "Rebel group", "Political militia", "Identity militia", "Rioters", "Protesters", "Civilians", "External/Other forces"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const DAY = 86_400_000;

// Days are counted in universal time, so that no time zone moves them.
const toDay = (text) => new Date(`${text}T00:00:00Z`);
const toText = (day) => day.toISOString().slice(0, 10);
export const addDays = (text, days) => toText(new Date(toDay(text).getTime() + days * DAY));
export const daysBetween = (from, to) => Math.round((toDay(to) - toDay(from)) / DAY);
export const weekday = (text) => WEEKDAYS[toDay(text).getUTCDay()];

export function sayDay(text) {
  const [year, month, day] = text.split("-").map(Number);
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

export function sayDates({ start, end, precision }) {
  if (start === end) return precision > 1 ? `${sayDay(start)} (${DATE_PRECISION[precision]})` : sayDay(start);
  const [y, m] = start.split("-");
  if (start.endsWith("-01") && end === lastOf(y, m)) return `${MONTHS[m - 1]} ${y}`;
  const head = start.slice(0, 4) === end.slice(0, 4) ? sayDay(start).replace(/ \d{4}$/, "") : sayDay(start);
  return `${head} – ${sayDay(end)} (${DATE_PRECISION[precision]})`;
}

export function sayEstimate({ low, best, high }) {
  if (high === null) return low === best ? `at least ${best}` : `at least ${low}, best ${best}`;
  if (low === high) return String(best);
  return best === low || best === high ? `${low}–${high}` : `${low}–${high}, best ${best}`;
}

export function sayPlace(place) {
  const wider = [place.admin1, place.country].filter((part) => part && part !== place.name);
  return [place.name, ...wider].join(", ");
}

export function sayBlame({ actor, by, basis }) {
  const who = actor || "somebody not named";
  const told = by || "the article";
  if (basis === "claimed") return `${who} claimed it, says ${told}`;
  if (basis === "accused") return `${who} is accused by ${told}`;
  if (basis === "unclaimed") return "nobody has claimed it";
  return `${who}, as reported by ${told}`;
}

export function sayValue(name, value) {
  if (value === null || value === undefined) return "";
  if (name === "date") return sayDates(value);
  if (name === "place") return sayPlace(value);
  if (name === "actor1" || name === "actor2") return value.name;
  if (name === "deaths" || name === "injured") return sayEstimate(value);
  if (name === "civilian_targeting") return value ? "yes, the main target" : "no";
  if (name === "attribution") return sayBlame(value);
  return String(value);
}

// What stands beside the value, in small letters.
export function sayMore(name, value) {
  if (!value) return "";
  if (name === "place") return value.precision === 1 ? "" : PLACE_PRECISION[value.precision];
  if (name === "date" && value.start === value.end) return weekday(value.start);
  if (name === "actor1" || name === "actor2") return value.kind;
  return "";
}

export const sayScore = (score) => (score === null || score === undefined ? "" : `${Math.round(score * 100)}%`);
export const sameValue = (left, right) => canonical(left) === canonical(right);

function canonical(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  return JSON.stringify(Object.entries(value).filter(([key]) => key !== "imputed").sort(([a], [b]) => (a < b ? -1 : 1)));
}

// ---------------------------------------------------------------- reading what is typed

function lastOf(year, month) {
  return toText(new Date(Date.UTC(Number(year), Number(month), 0)));
}

function readDay(text) {
  const told = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/.exec(text);
  if (!told) return null;
  const [, year, month, day] = told;
  if (month < 1 || month > 12) return null;
  const pad = (part) => part.padStart(2, "0");
  const last = lastOf(year, month);
  if (!day) return [`${year}-${pad(month)}-01`, last];
  const full = `${year}-${pad(month)}-${pad(day)}`;
  return day >= 1 && full <= last ? [full, full] : null;
}

function readNear(text, published) {
  if (!published) return null;
  if (/^-\d{1,3}$/.test(text)) return addDays(published, Number(text));
  if (text === "0") return published;
  const number = WEEKDAYS.findIndex((day) => text.length >= 2 && day.toLowerCase().startsWith(text.toLowerCase()));
  if (number < 0) return null;
  const back = (toDay(published).getUTCDay() - number + 7) % 7;
  return addDays(published, -back);
}

// "2021-02-15", "2021-02", "2021-02-15 to 2021-02-20", "-2" (two days before publication), "tue" (the one before it).
export function readDates(text, published) {
  const typed = text.trim();
  if (!typed) return { value: null, told: "2021-02-15, 2021-02, or 2021-02-15 to 2021-02-20; -1 is the day before publication, tue the Tuesday before" };
  const near = readNear(typed, published);
  const parts = near ? [near] : typed.split(/\s*(?:\.\.|–|—|\bto\b|\/|\s-\s)\s*/);
  const read = parts.map((part) => readDay(part));
  if (parts.length > 2 || read.includes(null)) return { value: null, told: "A day is written 2021-02-15, a month 2021-02, a range with “to” between" };
  const start = read[0][0];
  const end = read.at(-1)[1];
  if (end < start) return { value: null, told: "This range ends before it begins" };
  const days = daysBetween(start, end) + 1;
  const value = { start, end, precision: days === 1 ? 1 : days <= 7 ? 2 : days <= 31 ? 3 : 4 };
  const known = DATE_PRECISION[value.precision];
  const after = published && start > published ? " · after the article was published" : "";
  return { value, told: `${days === 1 ? `${weekday(start)}, ` : ""}${sayDates(value).replace(/ \(.*\)$/, "")} · known ${known}${after}` };
}

export function writeDates(value) {
  if (!value) return "";
  return value.start === value.end ? value.start : `${value.start} to ${value.end}`;
}

// "2", "3-5", "5+" (at least), "3/4/7" (low, best, high).
export function readEstimate(text) {
  const typed = text.trim().replaceAll(",", "");
  const make = (low, best, high) => ({ low, best, high, imputed: null });
  const hint = { value: null, told: "2, 3-5, 5+ (at least five), or 3/4/7 (lowest, best, highest)" };
  if (!typed) return hint;
  const whole = /^(\d{1,7})$/.exec(typed);
  if (whole) return tell(make(+typed, +typed, +typed));
  const least = /^(?:(\d{1,7})\s*\+|>=?\s*(\d{1,7}))$/.exec(typed);
  if (least) return tell(make(+(least[1] ?? least[2]), +(least[1] ?? least[2]), null));
  const most = /^(?:<=?\s*)(\d{1,7})$/.exec(typed);
  if (most) return tell(make(0, +most[1], +most[1]));
  const parts = typed.split(/\s*[-–/]\s*/);
  if (parts.length < 2 || parts.length > 3 || !parts.every((part) => /^\d{1,7}$/.test(part))) return hint;
  const numbers = parts.map(Number);
  const [low, best, high] = numbers.length === 2 ? [numbers[0], numbers[0], numbers[1]] : numbers;
  if (low > best || best > high) return { value: null, told: "The numbers must not fall: lowest, best, highest" };
  return tell(make(low, best, high));
}

function tell(value) {
  return { value, told: value.high === null ? `at least ${value.best}` : value.low === value.high ? `${value.best} as said` : `lowest ${value.low}, best ${value.best}, highest ${value.high}` };
}

export function writeEstimate(value) {
  if (!value) return "";
  if (value.high === null) return `${value.best}+`;
  if (value.low === value.high) return String(value.best);
  return value.best === value.low ? `${value.low}-${value.high}` : `${value.low}/${value.best}/${value.high}`;
}

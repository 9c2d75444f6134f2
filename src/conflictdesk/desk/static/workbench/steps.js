// What is done with the article as a whole, with other articles, and with the keys: moving, finishing, the table of acts.
import {
  accept, acceptAll, addIncident, attach, drop, edit, evidence, flag, merge, notStated, pick, reject, split, sure, tighten,
} from "./acts.js";
import {
  announce, choosing, covers, current, cursor, decide, dropLock, fetchJson, findUndecided, focus, goToArticle, held, incidents, moveTo,
  outbox, sentences, sheet, undoLast,
} from "./desk.js";
import { openFields } from "./folding.js";
import { addedId, newId, pairId } from "./ids.js";
import { FIELDS } from "./words.js";

const LATEST = { twins: [], place: 0 };

// ---------------------------------------------------------------- the article

export function background() {
  const sentence = sentences.value.find((s) => s.n === cursor.value);
  const action = sentence.background ? "foreground" : "background";
  decide([{ subject_kind: "article", subject_id: held.value.article.id, action, after: [sentence.n], spans: [[sentence.start, sentence.end]] }], action === "background" ? `Sentence ${sentence.n} is background.` : `Sentence ${sentence.n} is to be assigned.`);
  const next = sentences.value.find((s) => s.n > sentence.n && covers.value.get(s.n) === "open");
  if (action === "background" && next) cursor.value = next.n;
}

export function totals() {
  sheet.value = { name: "claims" };
}

export function decideClaim(claim, action, more = {}) {
  const words = { accept: "kept", change: "changed", drop: "dropped", restore: "back" }[action];
  decide([{ subject_kind: "claim", subject_id: claim.id, action, ...more }], `The total is ${words}.`);
}

export function addClaim(parts) {
  const sentence = sentences.value.find((s) => s.n === cursor.value);
  const decision_id = newId();
  decide([{ decision_id, subject_kind: "claim", subject_id: addedId("c", decision_id), action: "add", after: parts, spans: [[sentence.start, sentence.end]] }], `A total from sentence ${sentence.n}.`);
}

export const decideTwin = (twin, action) => {
  decide([{ subject_kind: "match", subject_id: pairId(twin.ours, twin.id), action }], { same: "The same incident.", different: "Different incidents.", unsure: "Cannot tell." }[action]);
};

function judge(action) {
  const twin = LATEST.twins[LATEST.place];
  if (!twin) {
    announce("No other article tells of something like it.");
    return;
  }
  decideTwin(twin, action);
  LATEST.place = Math.min(LATEST.place + 1, LATEST.twins.length - 1);
  LATEST.changed?.(LATEST.place);
}

// The context column tells which duplicates it shows, so that the keys mean the marked one.
export function showTwins(twins, place, changed) {
  Object.assign(LATEST, { twins, place, changed });
}

function nextTwin() {
  if (!LATEST.twins.length) return announce("No other article tells of something like it.");
  LATEST.place = (LATEST.place + 1) % LATEST.twins.length;
  LATEST.changed?.(LATEST.place, true);
  return true;
}

// ---------------------------------------------------------------- finishing

export async function finish() {
  if (held.value.track === "final") {
    if (await outbox.flush()) window.location.assign(`/adjudicate/${encodeURIComponent(held.value.article.id)}`);
    else announce("Not everything is sent yet. Your work is safe in this browser.");
    return null;
  }
  if (sheet.value?.name === "finish" && !sheet.value.findings?.some((f) => f.blocking)) return completeCase();
  sheet.value = { name: "finish", findings: null, told: "Checking…" };
  const sent = await outbox.flush();
  if (!sent) {
    sheet.value = { name: "finish", findings: null, told: "Not everything is sent yet, so the checks cannot be made. Your work is safe in this browser." };
    return null;
  }
  try {
    const track = held.value.track === "main" ? "" : `?track=${held.value.track}`;
    const { findings } = await fetchJson(`/desk/api/case/${encodeURIComponent(held.value.article.id)}/checks${track}`);
    sheet.value = { name: "finish", findings, told: "" };
    if (!findings.length) return completeCase();
  } catch (error) {
    sheet.value = { name: "finish", findings: null, told: error.message };
  }
  return null;
}

export async function completeCase() {
  const { next } = held.value;
  decide([{ subject_kind: "article", subject_id: held.value.article.id, action: "finish" }], "Finished.");
  sheet.value = null;
  if (!next) {
    dropLock(held.value.article.id);
    announce("Finished. The queue holds no other article for you.");
    return;
  }
  await outbox.flush();
  try {
    await goToArticle(next.id);
    announce(`Finished. Next: ${held.value.article.title}`);
  } catch {
    announce("Finished. The next article opens when the connection is back.");
  }
}

// ---------------------------------------------------------------- moving

function stepField(step) {
  if (!current.value) return;
  const place = FIELDS.indexOf(focus.value.field) + step;
  if (place >= 0 && place < FIELDS.length) moveTo(focus.value.incident, FIELDS[place]);
}

function stepIncident(step) {
  const all = incidents.value;
  const place = all.findIndex((i) => i.id === focus.value.incident);
  const next = all[Math.max(0, Math.min(all.length - 1, place + step))];
  if (next) moveTo(next.id, openFields(next)[0] ?? "event_type");
}

export function goToIncident(number) {
  const there = incidents.value.find((i) => i.number === number);
  if (!there) announce(`There is no incident ${number}.`);
  else moveTo(there.id, openFields(there)[0] ?? "event_type");
}

function stepSentence(step) {
  const place = sentences.value.findIndex((s) => s.n === cursor.value);
  const next = sentences.value[place + step];
  if (next) cursor.value = next.n;
}

// Tab belongs to the page wherever something else than a field has the focus, and where no field is left.
function tabTo(step) {
  const here = document.activeElement;
  if (here && here !== document.body && !here.closest("[data-row], [data-s], #main")) return false;
  if (here?.matches("button, a, input, select, textarea, summary")) return false;
  const next = findUndecided(step);
  if (!next) return false;
  moveTo(next[0].id, next[1]);
  return true;
}

export function nextColumn() {
  const columns = ["#text", "#cards", "#context", "#doing"].map((name) => document.querySelector(name));
  const here = columns.findIndex((column) => column.contains(document.activeElement));
  const next = columns[(here + 1) % columns.length];
  (next.querySelector("[tabindex='0'], button:not([disabled])") ?? next).focus();
}

export const acts = {
  nextField: () => tabTo(1),
  previousField: () => tabTo(-1),
  down: () => stepField(1),
  up: () => stepField(-1),
  nextIncident: () => stepIncident(1),
  previousIncident: () => stepIncident(-1),
  nextSentence: () => stepSentence(1),
  previousSentence: () => stepSentence(-1),
  incident: (event, number) => goToIncident(number),
  acceptAll: () => acceptAll(),
  add: addIncident,
  same: () => judge("same"),
  different: () => judge("different"),
  unsure: () => judge("unsure"),
  pick: () => pick(),
  firstWord: () => tighten(true),
  lastWord: () => tighten(false),
  reason: () => { sheet.value = { name: "reason", state: choosing.value }; },
  cancel: () => { choosing.value = null; announce("Left as it was."); },
  leave: () => false,
  undo: undoLast,
  queue: () => window.location.assign("/queue"),
  help: () => { sheet.value = { name: "help" }; },
  nextColumn, nextTwin, accept, reject, edit, notStated, sure, evidence, flag, split, merge, drop, background, totals, finish, attach,
};

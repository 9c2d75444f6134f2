// What each key and button does. Every act says in words what it did, for the eye and for the ear.
import {
  announce, choosing, codebook, covers, current, cursor, decide, editing, fetchJson, findUndecided, focus, goToArticle, held,
  incidents, moveOn, moveTo, outbox, preview, sentences, sheet, threshold, undoLast,
} from "./desk.js";
import { openFields, standingOf, suggestedFields } from "./folding.js";
import { addedId, newId, pairId } from "./ids.js";
import { wordsOf } from "./segments.js";
import { FIELDS, TITLES, sameValue, sayValue } from "./words.js";

const SURE = [null, "fairly sure", "unsure"];
const MUST_LOOK = new Set(codebook.must_look);
const LATEST = { twins: [], place: 0 };

const fieldOf = () => current.value?.fields[focus.value.field];
const onField = (action, more = {}) => ({ subject_kind: "mention", subject_id: focus.value.incident, field: focus.value.field, action, ...more });
const label = () => `Incident ${current.value.number}, ${TITLES[focus.value.field]}`;

function needIncident() {
  if (current.value && !current.value.dropped) return true;
  announce(current.value ? "This incident is dropped: D brings it back." : "There is no incident yet: N makes one from the current sentence.");
  return false;
}

// ---------------------------------------------------------------- one field

export function accept() {
  if (!needIncident()) return;
  const field = fieldOf();
  if (field.suggestion === null) {
    announce(`${label()}: nothing is proposed. E edits, N says that it is not stated.`);
    return;
  }
  decide([onField("accept", { after: field.suggestion, reason: pendingSure(field) })], `${label()} accepted: ${sayValue(focus.value.field, field.suggestion)}.`);
  moveOn();
}

export function reject() {
  if (!needIncident()) return;
  if (fieldOf().suggestion === null) {
    announce(`${label()}: nothing was proposed that could be rejected. N says that it is not stated.`);
    return;
  }
  decide([onField("reject")], `${label()} rejected.`);
  moveOn();
}

export function notStated() {
  if (!needIncident()) return;
  decide([onField("not_stated")], `${label()}: not stated.`);
  moveOn();
}

export function edit() {
  if (!needIncident()) return;
  editing.value = { incident: focus.value.incident, field: focus.value.field, spans: null };
}

const pendingSure = (field) => (DECIDED_STATES.has(field.state) ? null : field.sure ?? null);
const DECIDED_STATES = new Set(["confirmed", "changed"]);

export function sure() {
  if (!needIncident()) return;
  const field = fieldOf();
  if (!DECIDED_STATES.has(field.state)) {
    announce(`${label()}: decide it first, then say how sure you are.`);
    return;
  }
  const next = SURE[(SURE.indexOf(field.sure ?? null) + 1) % SURE.length];
  const action = field.state === "confirmed" ? "accept" : "change";
  const rests = { spans: field.evidence, inferred: field.inferred };
  decide([onField(action, { after: field.value, ...rests, reason: next })], `${label()}: ${next ?? "sure"}.`);
}

export function flag() {
  if (!needIncident()) return;
  sheet.value = { name: "flag", incident: focus.value.incident, field: focus.value.field };
}

export function sendFlag({ incident, field }, words) {
  const number = incidents.value.find((i) => i.id === incident).number;
  decide([{ subject_kind: "mention", subject_id: incident, field, action: "flag", reason: words }], `Asked the lead about incident ${number}, ${TITLES[field]}.`);
  sheet.value = null;
}

// Where a changed value rests when the coder says nothing else of it.
function restingOf(incident, field, chosen) {
  if (chosen?.length) return { spans: chosen, inferred: null };
  if (field.evidence.length) return { spans: field.evidence, inferred: null };
  if (field.suggested.length) return { spans: field.suggested, inferred: null };
  if (incident.spans?.length) return { spans: incident.spans, inferred: null };
  return field.inferred ? { spans: [], inferred: field.inferred } : null;
}

// Keep a value from an editor; without evidence the coder is asked for it first.
export function keepValue(value) {
  const { incident: id, field: name, spans } = editing.value;
  const incident = incidents.value.find((i) => i.id === id);
  const rests = name === "note" || name === "civilian_targeting" ? restingOf(incident, incident.fields[name], spans) ?? { spans: [], inferred: null } : restingOf(incident, incident.fields[name], spans);
  editing.value = preview.value = null;
  if (!rests) {
    choose("evidence", { incident: id, field: name, spans: [], value });
    announce("Which words say it? Space takes the sentence, Enter attaches; I gives a reason instead.");
    return;
  }
  keepChange(id, name, value, rests);
}

function keepChange(id, name, value, { spans, inferred }) {
  const incident = incidents.value.find((i) => i.id === id);
  const field = incident.fields[name];
  const same = field.suggestion !== null && sameValue(value, field.suggestion) && sameValue(spans, field.suggested);
  const act = same ? { action: "accept", after: field.suggestion } : { action: "change", after: value, spans, inferred };
  decide([{ subject_kind: "mention", subject_id: id, field: name, ...act }], `Incident ${incident.number}, ${TITLES[name]}: ${sayValue(name, value)}.`);
  moveOn();
}

export function leaveEditor() {
  editing.value = preview.value = null;
}

// ---------------------------------------------------------------- evidence

function choose(kind, more) {
  choosing.value = { kind, spans: [], at: null, ...more };
}

export function evidence() {
  if (!needIncident()) return;
  const field = fieldOf();
  choose("evidence", { incident: focus.value.incident, field: focus.value.field, spans: [...field.evidence], value: undefined });
  announce("Choose sentences: J and K move, Space takes or leaves one, Enter attaches, Esc leaves it.");
}

const meets = (span, sentence) => span[0] < sentence.end && sentence.start < span[1];

export function pick(n = cursor.value) {
  const state = choosing.value;
  const sentence = sentences.value.find((s) => s.n === n);
  const taken = state.spans.some((span) => meets(span, sentence));
  const rest = state.spans.filter((span) => !meets(span, sentence));
  choosing.value = { ...state, spans: taken ? rest : [...rest, [sentence.start, sentence.end]].sort((a, b) => a[0] - b[0]) };
}

export function pickSpan(span) {
  const state = choosing.value;
  const rest = state.spans.filter(([start, end]) => end <= span[0] || span[1] <= start);
  choosing.value = { ...state, spans: [...rest, span].sort((a, b) => a[0] - b[0]) };
}

// Leave out a word at the start or at the end of what is taken of the current sentence.
function tighten(first) {
  const state = choosing.value;
  const sentence = sentences.value.find((s) => s.n === cursor.value);
  const span = state.spans.find((s) => meets(s, sentence)) ?? [sentence.start, sentence.end];
  const words = wordsOf(sentence).filter(([start, end]) => span[0] < end && start < span[1]);
  if (words.length < 2) return;
  const tight = first ? [words[1][0], span[1]] : [span[0], words.at(-2)[1]];
  pickSpanInstead(span, tight);
}

function pickSpanInstead(old, span) {
  const rest = choosing.value.spans.filter((s) => s !== old);
  choosing.value = { ...choosing.value, spans: [...rest, span].sort((a, b) => a[0] - b[0]) };
}

export function attach() {
  const state = choosing.value;
  if (state.kind === "split") return splitOff(state);
  const sentence = sentences.value.find((s) => s.n === cursor.value);
  const spans = state.spans.length ? state.spans : [[sentence.start, sentence.end]];
  choosing.value = null;
  const incident = incidents.value.find((i) => i.id === state.incident);
  const value = state.value === undefined ? incident.fields[state.field].value : state.value;
  if (value === null) editing.value = { incident: state.incident, field: state.field, spans };
  else keepChange(state.incident, state.field, value, { spans, inferred: null });
}

export function giveReason(words) {
  const state = choosing.value ?? sheet.value.state;
  choosing.value = sheet.value = null;
  const incident = incidents.value.find((i) => i.id === state.incident);
  const value = state.value === undefined ? incident.fields[state.field].value : state.value;
  if (value === null) announce("There is no value yet: edit it first.");
  else keepChange(state.incident, state.field, value, { spans: [], inferred: words });
}

// ---------------------------------------------------------------- one incident

export function acceptAll({ sure: asked = false } = {}) {
  if (!needIncident()) return;
  const incident = current.value;
  const names = suggestedFields(incident);
  if (!names.length) {
    announce(`Incident ${incident.number}: nothing is left to accept.`);
    return;
  }
  const doubtful = names.filter((name) => MUST_LOOK.has(name) || (incident.fields[name].score ?? 1) < threshold);
  if (doubtful.length && !asked) {
    sheet.value = { name: "acceptAll", incident: incident.id, doubtful, all: names };
    return;
  }
  sheet.value = null;
  const group = newId();
  decide(names.map((name) => ({ subject_kind: "mention", subject_id: incident.id, field: name, action: "accept", after: incident.fields[name].suggestion, group })), `Incident ${incident.number}: ${names.length} accepted.`);
  moveOn();
}

export function addIncident() {
  const sentence = sentences.value.find((s) => s.n === cursor.value);
  const decision_id = newId();
  const id = addedId("m", decision_id);
  decide([{ decision_id, subject_kind: "mention", subject_id: id, action: "add", spans: [[sentence.start, sentence.end]] }], `New incident from sentence ${sentence.n}.`);
  moveTo(id, "event_type");
  editing.value = { incident: id, field: "event_type", spans: null };
}

export function split() {
  if (!needIncident()) return;
  choose("split", { incident: focus.value.incident, field: focus.value.field });
  announce("Split: which sentences go to the new incident? Space takes one, Enter splits.");
}

// What rests on the sentences that go, goes; the type and the day are held by both where nothing else is said.
function splitOff({ incident: id, spans }) {
  choosing.value = null;
  const sentence = sentences.value.find((s) => s.n === cursor.value);
  const going = spans.length ? spans : [[sentence.start, sentence.end]];
  const old = incidents.value.find((i) => i.id === id);
  const decision_id = newId();
  const group = newId();
  const fresh = addedId("m", decision_id);
  const goes = ([start, end]) => going.some(([from, to]) => start < to && from < end);
  const acts = [{ decision_id, group, subject_kind: "mention", subject_id: fresh, action: "add", spans: going }];
  for (const name of FIELDS) {
    const { value, evidence: rests } = old.fields[name];
    if (value === null) continue;
    const moved = rests.filter(goes);
    const stays = rests.filter((span) => !goes(span));
    const base = { group, subject_kind: "mention", field: name };
    if (moved.length) acts.push({ ...base, subject_id: fresh, action: "change", after: value, spans: moved });
    else if (name === "event_type" || name === "date") acts.push({ ...base, subject_id: fresh, action: "change", after: value, spans: going });
    if (moved.length && stays.length) acts.push({ ...base, subject_id: id, action: "change", after: value, spans: stays });
    else if (moved.length && name !== "event_type" && name !== "date") acts.push({ ...base, subject_id: id, action: old.fields[name].suggestion === null ? "not_stated" : "reject" });
  }
  decide(acts, `Incident ${old.number} is split: look at both.`);
  moveTo(fresh, "event_type");
}

export function merge() {
  if (!needIncident()) return;
  const others = standingOf(held.value).filter((i) => i.id !== focus.value.incident);
  if (!others.length) announce("There is no other incident to merge with.");
  else sheet.value = { name: "merge", incident: focus.value.incident };
}

// The one in focus goes into the other: what the other lacks is taken over, then it is dropped as told twice.
export function mergeInto(id, number) {
  const gone = incidents.value.find((i) => i.id === id);
  const kept = standingOf(held.value).find((i) => i.number === number && i.id !== id);
  if (!kept) {
    announce(`There is no other incident ${number}.`);
    return false;
  }
  sheet.value = null;
  const group = newId();
  const lacking = FIELDS.filter((name) => kept.fields[name].value === null && gone.fields[name].value !== null && kept.fields[name].state === "empty");
  const taken = lacking.map((name) => {
    const { value, evidence: spans, inferred } = gone.fields[name];
    return { group, subject_kind: "mention", subject_id: kept.id, field: name, action: "change", after: value, spans, inferred };
  });
  decide([...taken, { group, subject_kind: "mention", subject_id: gone.id, action: "drop", reason: "duplicate in text" }], `Incident ${gone.number} is merged into ${kept.number}.`);
  moveTo(kept.id, "event_type");
  return true;
}

export function drop() {
  if (!current.value) return needIncident();
  if (current.value.dropped) {
    decide([{ subject_kind: "mention", subject_id: current.value.id, action: "restore" }], `Incident ${current.value.number} is back.`);
    return true;
  }
  sheet.value = { name: "drop", incident: current.value.id };
  return true;
}

export function dropFor(id, reason) {
  const gone = incidents.value.find((i) => i.id === id);
  sheet.value = null;
  decide([{ subject_kind: "mention", subject_id: id, action: "drop", reason }], `Incident ${gone.number} dropped: ${reason}.`);
  const next = standingOf(held.value).find((i) => openFields(i).length) ?? standingOf(held.value)[0];
  if (next) moveTo(next.id, openFields(next)[0] ?? "event_type");
}

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

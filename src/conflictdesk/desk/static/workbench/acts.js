// What is decided of an incident: its fields, their evidence, the incident as a whole. Every act says in words what
// it did, for the eye and for the ear.
import {
  announce, choosing, codebook, current, cursor, decide, editing, focus, held, incidents, mayDecide, moveOn, moveTo, preview,
  sentences, sheet, threshold,
} from "./desk.js";
import { openFields, standingOf, suggestedFields } from "./folding.js";
import { addedId, newId } from "./ids.js";
import { wordsOf } from "./segments.js";
import { FIELDS, TITLES, sameValue, sayValue } from "./words.js";

const SURE = [null, "fairly sure", "unsure"];
const MUST_LOOK = new Set(codebook.must_look);

const fieldOf = () => current.value?.fields[focus.value.field];
const onField = (action, more = {}) => ({ subject_kind: "mention", subject_id: focus.value.incident, field: focus.value.field, action, ...more });
const label = () => `Incident ${current.value.number}, ${TITLES[focus.value.field]}`;

function needIncident() {
  if (!mayDecide()) return false;
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
  if (held.value.track === "final") {
    announce("What a lead settles is sure.");
    return;
  }
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
export function tighten(first) {
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

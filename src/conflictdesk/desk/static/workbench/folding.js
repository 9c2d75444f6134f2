// What one decision does to the case as it is shown. Pure: the old case is never touched, what did not change is kept.
import { cutSentence } from "./segments.js";
import { FIELDS } from "./words.js";

export const DECIDED = new Set(["confirmed", "changed", "rejected", "not_stated"]);
const UNDERLINED = FIELDS.filter((name) => name !== "note");

export function applyDecision(held, decision, user) {
  if (decision.subject_kind === "mention") return applyToMention(held, decision, user);
  if (decision.subject_kind === "claim") return applyToClaim(held, decision, user);
  if (decision.subject_kind === "article") return applyToArticle(held, decision, user);
  if (decision.subject_kind === "match") return { ...held, verdicts: { ...held.verdicts, [decision.subject_id]: decision.action } };
  return held;
}

export function applyAll(held, decisions, user) {
  const undone = new Set(decisions.filter((d) => d.action === "undo").map((d) => d.reverts));
  return decisions.filter((d) => d.action !== "undo" && !undone.has(d.decision_id)).reduce((kept, d) => applyDecision(kept, d, user), held);
}

function applyToMention(held, decision, user) {
  const { action, subject_id: id } = decision;
  if (action === "add") return addIncident(held, decision, user);
  const old = held.incidents.find((incident) => incident.id === id);
  if (!old) return held;
  if (action === "flag") return { ...held, flags: [...held.flags, noteOf(decision, user)] };
  const fresh = { ...old };
  if (action === "drop") fresh.dropped = decision.reason;
  else if (action === "restore") fresh.dropped = null;
  else if (decision.field) fresh.fields = { ...old.fields, [decision.field]: decideField(old.fields[decision.field], decision, user) };
  const incidents = held.incidents.map((incident) => (incident === old ? fresh : incident));
  return { ...held, incidents, sentences: recut(held.sentences, incidents, [old, fresh]) };
}

function decideField(field, decision, user) {
  const shared = { ...field, by: user, decision_id: decision.decision_id, sure: decision.reason ?? null };
  const { action, after, spans, inferred } = decision;
  if (action === "accept") {
    return { ...shared, state: "confirmed", value: field.suggestion, evidence: spans.length ? spans : field.suggested, inferred: inferred ?? (field.suggested.length ? null : field.inferred) };
  }
  if (action === "change") return { ...shared, state: "changed", value: after, evidence: spans, inferred };
  return { ...shared, state: action === "reject" ? "rejected" : "not_stated", value: null, evidence: action === "reject" ? [] : spans, inferred: null };
}

function emptyField() {
  return { state: "empty", value: null, evidence: [], inferred: null, suggestion: null, suggested: [], score: null, cannot_tell: null, by: null, decision_id: null, sure: null };
}

function addIncident(held, decision, user) {
  if (held.incidents.some((incident) => incident.id === decision.subject_id)) return held;
  const number = Math.max(0, ...held.incidents.map((incident) => incident.number)) + 1;
  const fresh = {
    id: decision.subject_id, number, added_by: user, dropped: null, score: null, rule: "", spans: decision.spans,
    fields: Object.fromEntries(FIELDS.map((name) => [name, emptyField()])), figures: [], said: [],
  };
  const incidents = [...held.incidents, fresh];
  return { ...held, incidents, sentences: recut(held.sentences, incidents, [fresh]) };
}

function applyToClaim(held, decision, user) {
  const { action, subject_id: id, after } = decision;
  if (action === "add") {
    if (held.claims.some((claim) => claim.id === id)) return held;
    const claim = { id, state: "confirmed", added_by: user, by: null, of: null, from_day: null, to_day: null, said_by: null, ...after, evidence: decision.spans };
    claim.incidents = after?.mention_ids ?? [];
    return { ...held, claims: [...held.claims, claim] };
  }
  const claims = held.claims.map((claim) => {
    if (claim.id !== id) return claim;
    if (action === "drop") return { ...claim, state: "dropped" };
    if (action === "restore") return { ...claim, state: "suggested" };
    const tied = after?.mention_ids ? { incidents: after.mention_ids, rule: after.rule } : {};
    return { ...claim, ...tied, state: "confirmed" };
  });
  return { ...held, claims };
}

function applyToArticle(held, decision, user) {
  const { action, spans } = decision;
  if (action === "background" || action === "foreground") {
    const touched = (s) => spans.some(([start, end]) => start < s.end && s.start < end);
    return { ...held, sentences: held.sentences.map((s) => (touched(s) ? { ...s, background: action === "background" } : s)) };
  }
  if (action === "finish") return { ...held, finished: true };
  if (action === "reopen") return { ...held, finished: false };
  if (action === "skip") return { ...held, skipped: decision.reason };
  if (action === "flag") return { ...held, flags: [...held.flags, noteOf(decision, user)] };
  return held;
}

function noteOf({ decision_id, subject_kind, subject_id, field, reason }, user) {
  return { decision_id, subject_kind, subject_id, field, reason, by: user, action: "flag" };
}

export function marksOf(incidents) {
  const marks = [];
  for (const incident of incidents) {
    if (incident.dropped) continue;
    for (const name of UNDERLINED) {
      const field = incident.fields[name];
      if (field.state === "rejected") continue;
      for (const [start, end] of field.evidence) marks.push([start, end, incident.number, name]);
    }
    // An incident of which nothing is coded yet stands where a person saw it.
    const bare = UNDERLINED.every((name) => !incident.fields[name].evidence.length);
    for (const [start, end] of bare ? incident.spans ?? [] : []) marks.push([start, end, incident.number, "event_type"]);
  }
  return marks;
}

// Only sentences that the changed incidents rest on, before or after, are cut anew.
function recut(sentences, incidents, changed) {
  const marks = marksOf(incidents);
  const spans = marksOf(changed.map((incident) => ({ ...incident, dropped: null })));
  const touched = (s) => spans.some(([start, end]) => start < s.end && s.start < end);
  return sentences.map((s) => (touched(s) ? { ...s, segments: cutSentence(s, marks) } : s));
}

// ---------------------------------------------------------------- what is asked of a case

export const numbersOf = (sentence) => [...new Set(sentence.segments.flatMap(([, , marks]) => marks.map(([number]) => number)))].sort((a, b) => a - b);

// How every sentence is covered, by its number: assigned, claim (a total), looked (looked at and dropped), background,
// open (words of violence in nothing yet), quiet.
export function coverAll(held) {
  const meets = (spans, sentence) => spans.some(([start, end]) => start < sentence.end && sentence.start < end);
  const claimed = held.claims.flatMap((claim) => claim.evidence);
  const looked = held.incidents.flatMap((i) => [
    ...[...i.figures, ...i.said].flatMap((part) => part.evidence),
    ...(i.dropped ? FIELDS.flatMap((name) => [...i.fields[name].evidence, ...i.fields[name].suggested]) : []),
  ]);
  const cover = (s) => {
    if (s.segments.some(([, , marks]) => marks.length)) return "assigned";
    if (meets(claimed, s)) return "claim";
    if (meets(looked, s)) return "looked";
    if (s.background) return "background";
    return s.cue ? "open" : "quiet";
  };
  return new Map(held.sentences.map((s) => [s.n, cover(s)]));
}

export const standingOf = (held) => held.incidents.filter((incident) => !incident.dropped);
// Undecided: what the machine proposed, and a type that is still missing.
export const isOpen = (incident, name) => incident.fields[name].state === "suggested" || (name === "event_type" && incident.fields[name].state === "empty");
export const openFields = (incident) => FIELDS.filter((name) => isOpen(incident, name));
export const suggestedFields = (incident) => FIELDS.filter((name) => incident.fields[name].state === "suggested");

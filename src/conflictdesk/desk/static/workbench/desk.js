// The state of the page: the case as it stands, where the coder is, and the one way in which something is decided.
import { batch, computed, signal } from "../vendor/preact.js";
import { applyAll, applyDecision, coverAll, isOpen, openFields, standingOf } from "./folding.js";
import { newId } from "./ids.js";
import { Outbox } from "./outbox.js";
import { findSentence } from "./segments.js";
import { FIELDS, TITLES } from "./words.js";

const told = JSON.parse(document.getElementById("workbench-data").textContent);
export const { user, csrf, role, local, codebook, threshold } = told;

export const held = signal(told.case);
export const focus = signal({ incident: null, field: "event_type" });
export const cursor = signal(0);
export const choosing = signal(null); // { kind: "evidence" | "split", incident, field, spans, value }
export const editing = signal(null); // { incident, field, spans }
export const sheet = signal(null); // { name, ... }
export const preview = signal(null); // what the open editor points at
export const said = signal(""); // read out and shown below
export const faults = signal({}); // "incident field" -> words of a refusal
export const lock = signal(null);
export const why = signal(new URLSearchParams(window.location.search).get("why") ?? ""); // of a lead: why the coders differ

let base = told.case;
let log = [];
let shownAt = performance.now();
const ready = new Map(); // cases fetched ahead

export const incidents = computed(() => held.value.incidents);
export const current = computed(() => incidents.value.find((i) => i.id === focus.value.incident) ?? null);
export const sentences = computed(() => held.value.sentences);
export const covers = computed(() => coverAll(held.value));

export const outbox = new Outbox({
  user,
  csrf,
  told: (decision, words) => refuse(decision, words),
  saved: (decisions) => {
    const ours = decisions.filter((d) => d.article_id === held.value.article.id);
    if (ours.length && !outbox.waiting.value) announce(`${said.value.replace(/ Saved\.$| Saving…$/, "")} Saved.`);
  },
});

export function announce(words) {
  said.value = words.trim();
}

// ---------------------------------------------------------------- deciding

// A lead who settles says first why the coders differ: it is kept with every value.
export function mayDecide() {
  if (held.value.track !== "final" || codebook.settle_reasons.includes(why.value)) return true;
  announce("First choose why the coders differ, at the top.");
  document.getElementById("why")?.focus();
  return false;
}

// Paints at once, keeps it in the browser, sends it behind. `decisions` are without the parts that every one has.
export function decide(decisions, words) {
  const shown = Math.max(0, Math.round(performance.now() - shownAt));
  const whole = decisions.map((given) => ({
    decision_id: newId(), article_id: held.value.article.id, field: null, after: null, spans: [], inferred: null,
    reason: null, reverts: null, track: held.value.track, mode: held.value.mode, shown_ms: shown, ...given,
    ...(held.value.track === "final" && given.field && given.action !== "undo" ? { reason: why.value } : {}),
  }));
  batch(() => {
    log.push(...whole);
    const undone = whole.some((d) => d.action === "undo");
    held.value = undone ? applyAll(base, log, user) : whole.reduce((kept, d) => applyDecision(kept, d, user), held.value);
    clearFaults(whole);
    if (words) announce(`${words} Saving…`);
  });
  outbox.add(whole);
  return whole;
}

function clearFaults(decisions) {
  const gone = decisions.map((d) => `${d.subject_id} ${d.field}`).filter((key) => key in faults.value);
  if (gone.length) faults.value = Object.fromEntries(Object.entries(faults.value).filter(([key]) => !gone.includes(key)));
}

async function refuse(decision, words) {
  log = log.filter((d) => d.decision_id !== decision.decision_id && d.reverts !== decision.decision_id);
  if (decision.article_id !== held.value.article.id) {
    announce(`Not kept, in another article: ${words}`);
    return;
  }
  batch(() => {
    held.value = applyAll(base, log, user);
    faults.value = { ...faults.value, [`${decision.subject_id} ${decision.field}`]: words };
    keepFocus();
    announce(`Not kept: ${words}`);
  });
}

// The last decision of this user that stands: of this visit, else of an earlier one.
export function undoLast() {
  const undone = new Set(log.filter((d) => d.action === "undo").map((d) => d.reverts));
  const last = log.findLast((d) => d.action !== "undo" && !undone.has(d.decision_id));
  const earlier = base.standing.filter((d) => d.by === user && !undone.has(d.decision_id)).sort((a, b) => a.seq - b.seq).at(-1);
  const target = last ?? earlier;
  if (!target) {
    announce("There is nothing of yours to undo.");
    return;
  }
  const group = last?.group ? log.filter((d) => d.group === last.group) : [target];
  const subject = { subject_kind: target.subject_kind, subject_id: target.subject_id };
  decide(group.toReversed().map((d) => ({ ...subject, subject_kind: d.subject_kind, subject_id: d.subject_id, field: d.field, action: "undo", reverts: d.decision_id })), `Undone: ${nameDecision(target)}.`);
  if (target.subject_kind === "mention" && incidents.value.some((i) => i.id === target.subject_id)) moveTo(target.subject_id, target.field ?? focus.value.field);
  else keepFocus();
  if (!last) outbox.flush().then((sent) => sent && reload());
}

function nameDecision({ action, field }) {
  const what = { accept: "accepted", change: "changed", reject: "rejected", not_stated: "not stated", add: "added", drop: "dropped", restore: "brought back", background: "background", foreground: "no background", finish: "finished", flag: "question to the lead" }[action] ?? action;
  return field ? `${TITLES[field]} ${what}` : what;
}

// ---------------------------------------------------------------- cases

function keepFocus() {
  const there = incidents.value.find((i) => i.id === focus.value.incident);
  if (!there) focus.value = { ...focus.value, incident: standingOf(held.value)[0]?.id ?? null };
}

// Show a case: what waits unsent of it is laid over what the server says.
export function openCase(next) {
  batch(() => {
    base = next;
    log = outbox.list().filter((d) => d.article_id === next.article.id && !next.standing.some((s) => s.decision_id === d.decision_id));
    held.value = applyAll(base, log, user);
    choosing.value = editing.value = sheet.value = preview.value = null;
    faults.value = {};
    const first = standingOf(held.value).find((incident) => openFields(incident).length) ?? standingOf(held.value)[0];
    focus.value = { incident: first?.id ?? null, field: (first && openFields(first)[0]) ?? "event_type" };
    cursor.value = firstSentence(focus.value) ?? 0;
    shownAt = performance.now();
  });
  document.title = `${next.article.title} · Conflict Desk`;
  prefetch(next.next);
}

// What the server says now, with what waits on top; the focus stays.
export async function reload() {
  const fresh = await fetchCase(held.value.article.id);
  batch(() => {
    base = fresh;
    log = outbox.list().filter((d) => d.article_id === fresh.article.id && !fresh.standing.some((s) => s.decision_id === d.decision_id));
    held.value = applyAll(base, log, user);
    keepFocus();
  });
}

export async function fetchJson(address) {
  const response = await fetch(address, { headers: { accept: "application/json" } });
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(body?.told ?? body?.detail ?? `The server said ${response.status}.`);
  return body;
}

async function fetchCase(id) {
  const track = held.value.track === "main" ? "" : `?track=${held.value.track}`;
  return (await fetchJson(`/desk/api/case/${encodeURIComponent(id)}${track}`)).case;
}

function prefetch(next) {
  if (!next || ready.has(next.id)) return;
  setTimeout(() => fetchCase(next.id).then((found) => ready.set(next.id, found)).catch(() => {}), 400);
}

export async function goToArticle(id, { push = true } = {}) {
  const fetched = ready.get(id) ?? (await fetchCase(id));
  ready.delete(id);
  dropLock(held.value.article.id);
  openCase(fetched);
  if (push) history.pushState({ article: id }, "", `/work/${encodeURIComponent(id)}${held.value.track === "main" ? "" : `?track=${held.value.track}`}`);
  takeLock();
}

const postLock = (act, id, body) => fetch(`/desk/api/${act}/${encodeURIComponent(id)}`, {
  method: "POST", headers: { "content-type": "application/json", "x-csrf-token": csrf }, body: JSON.stringify(body), keepalive: true,
});

// Hold the article open: others see it and may take it over; it hinders nobody.
export async function takeLock({ over = false } = {}) {
  try {
    const response = await postLock("lock", held.value.article.id, over ? { take_over: true } : {});
    lock.value = response.ok ? await response.json() : null;
  } catch {
    lock.value = null;
  }
}

export function dropLock(id) {
  if (lock.value?.mine) postLock("unlock", id, {}).catch(() => {});
  lock.value = null;
}

// ---------------------------------------------------------------- where the coder is

function firstSentence({ incident, field }) {
  const there = incidents.value.find((i) => i.id === incident);
  const spans = there?.fields[field]?.evidence ?? [];
  const all = spans.length ? spans : there ? [...FIELDS.flatMap((name) => there.fields[name].evidence), ...(there.spans ?? [])] : [];
  if (!all.length) return null;
  return findSentence(sentences.value, Math.min(...all.map(([start]) => start))).n;
}

export function moveTo(incident, field) {
  batch(() => {
    focus.value = { incident, field };
    const sentence = firstSentence(focus.value);
    if (sentence !== null) cursor.value = sentence;
    preview.value = null;
    shownAt = performance.now();
  });
}

// The next or previous undecided field from here, over all incidents; null when none is left that way.
export function findUndecided(step) {
  const places = standingOf(held.value).flatMap((incident) => FIELDS.map((name) => [incident, name]));
  const here = places.findIndex(([incident, name]) => incident.id === focus.value.incident && name === focus.value.field);
  const order = step > 0 ? places.slice(here + 1) : places.slice(0, Math.max(here, 0)).toReversed();
  return order.find(([incident, name]) => isOpen(incident, name)) ?? null;
}

// What an incident is made of: somebody who adds one is led through it.
const BODY = ["event_type", "date", "place", "actor1", "actor2", "deaths", "injured"];

function findEmpty() {
  const here = standingOf(held.value).find((incident) => incident.id === focus.value.incident);
  if (!here?.added_by || !BODY.includes(focus.value.field)) return null;
  const name = BODY.slice(BODY.indexOf(focus.value.field) + 1).find((each) => here.fields[each].state === "empty");
  return name ? [here, name] : null;
}

// After a decision: on through an incident that was just added, else to what is undecided, below and then from the top.
export function moveOn() {
  const first = () => standingOf(held.value).flatMap((i) => FIELDS.map((name) => [i, name])).find(([i, name]) => isOpen(i, name));
  const next = findEmpty() ?? findUndecided(1) ?? first() ?? null;
  if (next) moveTo(next[0].id, next[1]);
}

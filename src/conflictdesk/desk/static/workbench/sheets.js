// Questions that need an answer before the work goes on: a sheet over the page, left by Esc.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { acceptAll, dropFor, giveReason, mergeInto, sendFlag } from "./acts.js";
import { announce, codebook, cursor, focus, held, incidents, moveTo, outbox, sentences, sheet } from "./desk.js";
import { standingOf } from "./folding.js";
import { COMMANDS, bind, bindings, resetKeys, sayKey, writePress } from "./keys.js";
import { Badge, Dot } from "./parts.js";
import { quoteSpan } from "./segments.js";
import { titleIncident } from "./cards.js";
import { addClaim, completeCase, decideClaim, finish } from "./steps.js";
import { STATES, TITLES, sayDay, sayScore, sayValue } from "./words.js";

export function leaveSheet() {
  sheet.value = null;
}

function Frame({ title, wide, keys, children }) {
  const box = useRef(null);
  const back = useRef(document.activeElement);
  useLayoutEffect(() => {
    (box.current.querySelector("[data-first]:not([disabled])") ?? box.current).focus();
    return () => {
      const row = document.querySelector(".row.on");
      if (document.activeElement === document.body || !document.activeElement) (back.current?.isConnected && back.current !== document.body ? back.current : row)?.focus({ preventScroll: true });
    };
  }, []);
  const onKeyDown = (event) => {
    if (event.key === "Escape") { leaveSheet(); announce("Left as it was."); } else if (event.key === "Tab") return trap(event, box.current);
    else if (!keys?.(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div class="cover-all" onMouseDown=${(event) => { if (event.target === event.currentTarget) leaveSheet(); }}>
    <section class=${`question${wide ? " wide" : ""}`} role="dialog" aria-modal="true" aria-labelledby="sheet-title" tabindex="-1" ref=${box} onKeyDown=${onKeyDown}>
      <header><h2 id="sheet-title">${title}</h2><button type="button" class="plain close" onClick=${leaveSheet}>Close <kbd>Esc</kbd></button></header>
      ${children}
    </section></div>`;
}

function trap(event, box) {
  const all = [...box.querySelectorAll("button:not([disabled]), input, select, textarea, a[href]")];
  if (!all.length) return event.preventDefault();
  const here = all.indexOf(document.activeElement);
  if (event.shiftKey && here <= 0) { all.at(-1).focus(); event.preventDefault(); }
  if (!event.shiftKey && here === all.length - 1) { all[0].focus(); event.preventDefault(); }
  return undefined;
}

const numberOf = (id) => incidents.value.find((i) => i.id === id)?.number;

function AcceptAll({ incident: id, doubtful, all }) {
  const incident = incidents.value.find((i) => i.id === id);
  const take = () => acceptAll({ sure: true });
  const keys = (event) => {
    const again = event.key === "Enter" || sayKey("acceptAll") === (writePress(event) ?? "").replace("Shift+", "");
    if (again && !(event.key === "Enter" && event.target.closest(".close"))) take();
    return again;
  };
  const rest = all.length - doubtful.length;
  return html`<${Frame} title=${`Incident ${incident.number}: look at these before you accept them`} keys=${keys}>
    <table class="look-at"><tbody>${doubtful.map((name) => {
      const field = incident.fields[name];
      return html`<tr key=${name}><th scope="row">${TITLES[name]}</th><td><bdi dir="auto">${sayValue(name, field.suggestion)}</bdi></td><td class="num">${sayScore(field.score)}</td>
        <td class="quote" dir="auto">${field.suggested.length ? field.suggested.map((span) => quoteSpan(sentences.value, span)).join(" … ") : `inferred: ${field.inferred ?? "no reason given"}`}</td></tr>`;
    })}</tbody></table>
    ${rest ? html`<p class="faint">and ${rest} more that the machine is sure of.</p>` : null}
    <footer><button type="button" class="main" data-first onClick=${take}>Accept all ${all.length} <kbd>${sayKey("acceptAll")}</kbd> <kbd>Enter</kbd></button></footer><//>`;
}

function Drop({ incident: id }) {
  const reasons = codebook.drop_reasons;
  const keys = (event) => {
    const reason = /^[1-9]$/.test(event.key) ? reasons[Number(event.key) - 1] : null;
    if (reason) dropFor(id, reason);
    return Boolean(reason);
  };
  return html`<${Frame} title=${`Drop incident ${numberOf(id)}: why?`} keys=${keys}>
    <ol class="choices">${reasons.map((reason, n) => html`<li key=${reason}><button type="button" data-first=${n === 0 ? true : undefined} onClick=${() => dropFor(id, reason)}><kbd>${n + 1}</kbd> ${reason}</button></li>`)}</ol>
    <p class="faint">It stays in the history, with the reason, and can be brought back.</p><//>`;
}

function Merge({ incident: id }) {
  const others = standingOf(held.value).filter((i) => i.id !== id);
  const keys = (event) => /^[1-9]$/.test(event.key) && mergeInto(id, Number(event.key)) !== undefined;
  return html`<${Frame} title=${`Merge incident ${numberOf(id)} into which?`} keys=${keys}>
    <ol class="choices">${others.map((other, n) => html`<li key=${other.id}><button type="button" data-first=${n === 0 ? true : undefined} onClick=${() => mergeInto(id, other.number)}><kbd>${other.number}</kbd> <${Badge} number=${other.number} /> ${titleIncident(other)}</button></li>`)}</ol>
    <p class="faint">The other one keeps its values and takes over what it lacks. This one is dropped as “duplicate in text”.</p><//>`;
}

function Words({ title, label, button, send, hint }) {
  const input = useRef(null);
  const go = () => { if (input.current.value.trim()) send(input.current.value.trim()); };
  const keys = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.target.closest("button")) return false;
    go();
    return true;
  };
  return html`<${Frame} title=${title} keys=${keys}><label>${label}<textarea ref=${input} data-first rows="2" maxlength="2000" dir="auto"></textarea></label><p class="faint">${hint}</p>
    <footer><button type="button" class="main" onClick=${go}>${button} <kbd>Enter</kbd></button></footer><//>`;
}

function Flag(state) {
  return html`<${Words} title=${`Ask the lead: incident ${numberOf(state.incident)}, ${TITLES[state.field]}`} label="Your question" button="Ask" hint="The article is marked in the queue. You can go on." send=${(words) => sendFlag(state, words)} />`;
}

function Reason({ state }) {
  return html`<${Words} title="No words say it: from what do you infer it?" label="Reason" button="Keep" hint="Kept beside the value wherever it is shown." send=${giveReason} />`;
}

function Finish({ findings, told }) {
  const blocking = (findings ?? []).filter((f) => f.blocking);
  const warnings = (findings ?? []).filter((f) => !f.blocking);
  const go = (finding) => {
    leaveSheet();
    if (finding.subject_id && incidents.value.some((i) => i.id === finding.subject_id)) moveTo(finding.subject_id, finding.field ?? "event_type");
    if (finding.sentence !== null && finding.sentence !== undefined) cursor.value = finding.sentence;
  };
  const keys = (event) => {
    const again = event.key === "Enter" && (event.ctrlKey || event.metaKey || !event.target.closest(".finding, .close"));
    if (!again) return false;
    if (findings && !blocking.length) completeCase();
    else if (!findings || event.ctrlKey || event.metaKey) finish();
    return true;
  };
  const fields = [...new Set(blocking.filter((f) => f.kind === "undecided").map((f) => f.subject_id))].map((id) => ({ id, number: numberOf(id), all: blocking.filter((f) => f.kind === "undecided" && f.subject_id === id) }));
  const others = blocking.filter((f) => f.kind !== "undecided");
  const first = useRef(null);
  useEffect(() => { first.current?.querySelector("button")?.focus(); }, [findings]);
  const list = (all) => html`<ul class="findings">${all.map((finding, n) => html`<li key=${n}><button type="button" class="finding" onClick=${() => go(finding)}>${finding.told}</button></li>`)}</ul>`;
  const title = !findings ? "Finish the article" : blocking.length ? `Not yet: ${blocking.length} ${blocking.length === 1 ? "thing is" : "things are"} to be decided` : "Nothing stands in the way";
  return html`<${Frame} title=${title} keys=${keys}>
    ${told ? html`<p role="status">${told}</p>` : null}
    <div ref=${first}>${fields.length ? html`<h3 class="stop">Fields to be decided</h3><ul class="findings">${fields.map(({ id, number, all }) => html`<li key=${id} class="finding-fields"><${Badge} number=${number} /><span class="unseen">Incident ${number}:</span>${all.map((f) => html`<button type="button" key=${f.field} class="finding" title=${f.told} onClick=${() => go(f)}>${TITLES[f.field]}</button>`)}</li>`)}</ul>` : null}
    ${others.length ? html`<h3 class="stop">Also in the way</h3>${list(others)}` : null}</div>
    ${warnings.length ? html`<h3>Worth another look</h3>${list(warnings)}` : null}
    <footer>${findings && !blocking.length ? html`<button type="button" class="main" data-first onClick=${completeCase}>Finish and open the next <kbd>Enter</kbd></button>` : html`<button type="button" onClick=${finish}>Check again <kbd>${sayKey("finish")}</kbd></button>`}</footer><//>`;
}

// ---------------------------------------------------------------- totals of the whole article

const RULES = { "not split": "told of them together, split by nobody", "even split": "the same part for each", "stated split": "the article gives the parts" };

function sayClaim(claim) {
  const what = { deaths: "killed", injured: "injured", displaced: "displaced", detained: "detained", events: "events", other: "" }[claim.measure];
  const is = claim.value_is === "exact" ? "" : `${claim.value_is} `;
  const days = [claim.from_day, claim.to_day].filter(Boolean).map(sayDay).join(" – ");
  return [`${is}${claim.value.toLocaleString("en")} ${what}`, claim.by && `by ${claim.by}`, days, claim.said_by && `says ${claim.said_by}`].filter(Boolean).join(" · ");
}

function Claims() {
  const { claims } = held.value;
  const [at, setAt] = useState(0);
  const claim = claims[Math.min(at, claims.length - 1)];
  const [adding, setAdding] = useState(false);
  const tie = (number) => {
    const incident = standingOf(held.value).find((i) => i.number === number);
    if (!incident || claim.state === "dropped") return;
    const on = claim.incidents.includes(incident.id);
    const mention_ids = on ? claim.incidents.filter((id) => id !== incident.id) : [...claim.incidents, incident.id];
    decideClaim(claim, "change", { after: { mention_ids, rule: claim.rule ?? "not split" } });
  };
  const turn = () => {
    const names = Object.keys(RULES);
    decideClaim(claim, "change", { after: { mention_ids: claim.incidents, rule: names[(names.indexOf(claim.rule) + 1) % names.length] } });
  };
  const keys = (event) => {
    if (event.target.matches("input, select, textarea")) return false;
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step) setAt(Math.max(0, Math.min(claims.length - 1, at + step)));
    else if (event.key === "+") setAdding(true);
    else if (!claim) return false;
    else if (/^[1-9]$/.test(event.key)) tie(Number(event.key));
    else if (event.key === "r") turn();
    else if (event.key === "a") decideClaim(claim, "accept");
    else if (event.key === "x") dropOrBring(claim);
    else return false;
    return true;
  };
  return html`<${Frame} title="Totals of the whole article" wide keys=${keys}>
    <p class="faint">A figure for several incidents or a period is kept as it is said and tied to incidents. It is never split in silence.</p>
    ${claims.length ? null : html`<p>There is none yet.</p>`}
    <ul class="claims">${claims.map((one, n) => html`<li key=${one.id} class=${`${one === claim ? "on" : ""} ${one.state}`} aria-current=${one === claim ? "true" : undefined} onClick=${() => setAt(n)}>
      <p><${Dot} state=${{ suggested: "suggested", confirmed: "confirmed", dropped: "rejected" }[one.state]} /> <b>${sayClaim(one)}</b></p>
      <p class="quote" dir="auto">${one.evidence.map((span) => quoteSpan(sentences.value, span)).join(" … ")}</p>
      <p class="ties">${standingOf(held.value).map((i) => html`<button type="button" key=${i.id} aria-pressed=${one.incidents.includes(i.id) ? "true" : "false"} onClick=${() => { setAt(n); if (one === claim) tie(i.number); }} aria-label=${`tied to incident ${i.number}`}><${Badge} number=${i.number} /></button>`)} <button type="button" onClick=${() => { setAt(n); if (one === claim) turn(); }}>${one.rule}: ${RULES[one.rule] ?? ""} <kbd>r</kbd></button></p></li>`)}</ul>
    ${adding ? html`<${NewClaim} done=${() => { setAdding(false); document.querySelector(".question").focus(); }} />` : null}
    <footer><button type="button" data-first onClick=${() => claim && decideClaim(claim, "accept")} disabled=${!claim}>Right <kbd>a</kbd></button><button type="button" onClick=${() => claim && dropOrBring(claim)} disabled=${!claim}>Drop or bring back <kbd>x</kbd></button><span class="faint"><kbd>1</kbd>–<kbd>9</kbd> tie to an incident</span><button type="button" onClick=${() => setAdding(true)}>New from sentence ${cursor.value} <kbd>+</kbd></button></footer><//>`;
}

const dropOrBring = (claim) => (claim.state === "dropped" ? decideClaim(claim, "restore") : decideClaim(claim, "drop", { reason: "no total" }));

function NewClaim({ done }) {
  const form = useRef(null);
  useLayoutEffect(() => { form.current.querySelector("input").focus(); }, []);
  const keep = (event) => {
    event.preventDefault();
    const given = new FormData(form.current);
    const value = Number(given.get("value"));
    if (!given.get("value") || !(value >= 0)) return;
    addClaim({ measure: given.get("measure"), value, value_is: given.get("value_is"), said_by: given.get("said_by").trim() || null, mention_ids: [], rule: "not split" });
    done();
  };
  return html`<form ref=${form} class="new-claim" onSubmit=${keep}><label>How many <input name="value" inputmode="numeric" pattern="[0-9]+" required /></label>
    <label>of what <select name="measure">${["deaths", "injured", "displaced", "detained", "events"].map((m) => html`<option>${m}</option>`)}</select></label>
    <label>as said <select name="value_is">${["exact", "at least", "at most", "about"].map((m) => html`<option>${m}</option>`)}</select></label>
    <label>says who <input name="said_by" /></label><button>Keep <kbd>Enter</kbd></button></form>`;
}

// ---------------------------------------------------------------- keys

function Help() {
  const [changing, setChanging] = useState(null);
  const [told, setTold] = useState("");
  const groups = [...new Set(COMMANDS.map(([, , , group]) => group))];
  const keys = (event) => {
    if (!changing) return false;
    const press = writePress(event);
    if (!press) return true;
    const fault = bind(changing, press);
    setTold(fault ?? `Kept: ${press.replace("+", "-")}.`);
    if (!fault) setChanging(null);
    return true;
  };
  return html`<${Frame} title="Keys" wide keys=${keys}>
    <p class="faint"><kbd>1</kbd>–<kbd>9</kbd> open an incident. Keys rest while you type. <kbd>Tab</kbd> goes to undecided fields while a field has the focus, and through the page as usual from anywhere else and when none is left. A key that you change is kept in this browser.</p>
    <p role="status" class="told">${changing ? "Press the new key, or Esc." : told}</p>
    <div class="key-list">${groups.map((group) => html`<section key=${group}><h3>${group}</h3><dl>${COMMANDS.filter((command) => command[3] === group).map(([id, , words]) => html`<div key=${id}><dt>${id === "unsure" ? html`<kbd>?</kbd>` : html`<button type="button" class="rebind" disabled=${id === "unsure"} aria-label=${`${words}: ${sayKey(id)}. Change`} onClick=${() => { setChanging(id); setTold(""); }}><kbd class=${changing === id ? "waits" : ""}>${changing === id ? "…" : sayKey(id)}</kbd></button>`}</dt><dd>${words}</dd></div>`)}</dl></section>`)}</div>
    <div class="state-list">${Object.entries(STATES).map(([state]) => html`<span key=${state}><${Dot} state=${state} /> ${STATES[state][1]}</span>`)}</div>
    <footer><button type="button" data-first onClick=${leaveSheet}>Back to work <kbd>Esc</kbd></button><button type="button" onClick=${() => { resetKeys(); setTold("All keys are as they came."); }}>Keys as they came</button></footer><//>`;
}

const SHEETS = { acceptAll: AcceptAll, drop: Drop, merge: Merge, flag: Flag, reason: Reason, finish: Finish, claims: Claims, help: Help };

export function Sheet() {
  if (!sheet.value) return null;
  const Kind = SHEETS[sheet.value.name];
  void [bindings.value, outbox.waiting.value, focus.value];
  return html`<${Kind} key=${sheet.value.name} ...${sheet.value} />`;
}

// The middle column: one card an incident, only the one in focus open; a line for every field.
import { html, useLayoutEffect, useRef } from "../vendor/preact.js";
import { acceptAll, drop, merge, split } from "./acts.js";
import { codebook, editing, faults, focus, held, incidents, moveTo, sheet, threshold } from "./desk.js";
import { DECIDED, openFields, standingOf, suggestedFields } from "./folding.js";
import { Editor } from "./editors.js";
import { Act, Badge, Chips, Dot, Key, Still, colourOf } from "./parts.js";
import { goToIncident } from "./steps.js";
import { FIELDS, STATES, TITLES, sayMore, sayScore, sayValue } from "./words.js";

const MUST_LOOK = new Set(codebook.must_look);

export function titleIncident(incident) {
  const { event_type: type, place, date, deaths } = incident.fields;
  const parts = [type.value ?? "type not decided", place.value?.name, date.value && sayValue("date", date.value)];
  if (deaths.value) parts.push(`${sayValue("deaths", deaths.value)} killed`);
  return parts.filter(Boolean).join(" · ");
}

function Value({ name, field }) {
  if (field.state === "not_stated") return html`<span class="none">not stated</span>`;
  if (field.state === "rejected") return html`<span class="none">rejected <s>${sayValue(name, field.suggestion)}</s></span>`;
  if (field.value === null) return html`<span class="none">${field.cannot_tell ?? "–"}</span>`;
  const changed = field.state === "changed" && field.suggestion !== null && sayValue(name, field.suggestion) !== sayValue(name, field.value);
  return html`<bdi dir="auto">${sayValue(name, field.value)}</bdi>${sayMore(name, field.value) ? html` <small>${sayMore(name, field.value)}</small>` : null}${changed ? html` <small class="was">was <s>${sayValue(name, field.suggestion)}</s></small>` : null}${field.sure ? html` <small class="unsure">${field.sure}</small>` : null}`;
}

class Row extends Still {
  render({ incident, name, field, on, open, fault }) {
    const low = field.state === "suggested" && (field.score ?? 1) < threshold;
    const told = `${TITLES[name]}: ${sayValue(name, field.value) || STATES[field.state][1]}, ${STATES[field.state][1]}${field.state === "suggested" && field.score !== null ? `, ${sayScore(field.score)}` : ""}${field.by && DECIDED.has(field.state) ? ` by ${field.by}` : ""}`;
    return html`<div class=${`row${on ? " on" : ""}${open ? " editing" : ""}${fault ? " refused" : ""}`} data-row=${`${incident} ${name}`} role="group" aria-label=${told}
      aria-current=${on ? "true" : undefined} tabindex=${on ? 0 : -1} onClick=${() => { if (!on) moveTo(incident, name); }} onDblClick=${() => { editing.value = { incident, field: name, spans: null }; }}>
      <${Dot} state=${field.state} />
      <span class="label">${TITLES[name]}${MUST_LOOK.has(name) && field.state === "suggested" ? html`<span class="look" title="Look at it before you accept it">look</span>` : null}</span>
      ${open ? html`<${Editor} name=${name} incident=${incident} />` : html`<span class="value"><${Value} name=${name} field=${field} /></span>`}
      <span class=${`score${low ? " low" : ""}`}>${field.state === "suggested" ? html`${low ? html`<span class="unseen">low score, </span>` : null}${sayScore(field.score)}` : null}</span>
      <span class="chips-s">${field.evidence.length ? html`<${Chips} spans=${field.evidence} />` : field.inferred && field.value !== null ? html`<span class="inferred" title=${field.inferred}>inferred</span>` : null}</span>
      ${fault ? html`<p class="fault" role="alert">Not kept: ${fault}</p>` : null}
    </div>`;
  }
}

class Card extends Still {
  render({ incident, open, field, edited, refused }) {
    const left = openFields(incident).length;
    const decided = FIELDS.filter((name) => DECIDED.has(incident.fields[name].state)).length;
    const progress = incident.dropped ? `dropped: ${incident.dropped}` : left ? `${left} to decide` : decided ? "decided" : "nothing coded yet";
    return html`<article class=${`card i${colourOf(incident.number)}${open ? " open" : ""}${incident.dropped ? " dropped" : ""}`} data-incident=${incident.number} aria-label=${`Incident ${incident.number}`}>
      <h3><button type="button" class="card-head" aria-expanded=${open ? "true" : "false"} tabindex=${open ? -1 : 0} onClick=${() => goToIncident(incident.number)}>
        <${Badge} number=${incident.number} dropped=${incident.dropped} /><span class="unseen">Incident ${incident.number}: </span>
        <span class="title">${titleIncident(incident)}</span><span class=${`progress${left || !decided || incident.dropped ? "" : " done"}`}>${progress}</span></button></h3>
      ${open ? html`<div class="rows">${FIELDS.map((name) => html`<${Row} key=${name} incident=${incident.id} name=${name} field=${incident.fields[name]}
          on=${field === name} open=${edited === name} fault=${refused[`${incident.id} ${name}`]} />`)}
        ${refused[`${incident.id} null`] ? html`<p class="fault" role="alert">Not kept: ${refused[`${incident.id} null`]}</p>` : null}</div>
        <footer class="card-foot">
          ${incident.dropped ? html`<${Act} of="drop" act=${drop} label="Bring back" />` : html`<${Act} of="acceptAll" act=${() => acceptAll()} label="Accept all left" disabled=${!suggestedFields(incident).length} kind="main" /><${Act} of="split" act=${split} label="Split" /><${Act} of="merge" act=${merge} label="Merge" /><${Act} of="drop" act=${drop} label="Drop" />`}
          ${incident.added_by ? html`<small>added by ${incident.added_by}</small>` : incident.score !== null ? html`<small title="How likely this is an event of the codebook at all">event ${sayScore(incident.score)}</small>` : null}
        </footer>` : null}
    </article>`;
  }
}

export function Cards() {
  const box = useRef(null);
  const { incident, field } = focus.value;
  const edited = editing.value?.incident === incident ? editing.value.field : null;
  useLayoutEffect(() => {
    const row = box.current.querySelector(".row.on");
    if (!row) return;
    row.scrollIntoView({ block: "nearest" });
    const active = document.activeElement;
    const elsewhere = active && active !== document.body && !active.closest("[data-row], [data-s]");
    if (!elsewhere && !sheet.value && !edited) row.focus({ preventScroll: true });
  }, [incident, field, edited, sheet.value]);
  const left = standingOf(held.value).reduce((sum, i) => sum + openFields(i).length, 0);
  const count = standingOf(held.value).length;
  const begun = standingOf(held.value).some((i) => FIELDS.some((name) => DECIDED.has(i.fields[name].state)));
  return html`<section id="cards" class="column" aria-labelledby="cards-head" tabindex="-1">
    <header class="column-head"><h2 id="cards-head">${count} ${count === 1 ? "incident" : "incidents"}</h2><p class="faint">${left ? `${left} ${left === 1 ? "field" : "fields"} to decide` : begun && held.value.mode !== "blind" ? "Every proposed field is decided" : ""}</p></header>
    <div class="scroll" ref=${box}>
      ${incidents.value.length ? null : html`<p class="nothing">${held.value.mode === "blind" ? "You code this article blind: nothing is proposed." : "The machine proposes no incident here."} Go to a sentence with <${Key} of="nextSentence" /> and <${Key} of="previousSentence" />; <${Key} of="add" /> makes an incident of it.</p>`}
      ${incidents.value.map((i) => html`<${Card} key=${i.id} incident=${i} open=${i.id === incident} field=${i.id === incident ? field : null} edited=${i.id === incident ? edited : null} refused=${faults.value} />`)}
    </div>
  </section>`;
}

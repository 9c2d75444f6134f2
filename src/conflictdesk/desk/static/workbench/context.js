// The right column: what helps with the field in focus, its rule, and other articles that may tell of the same incident.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { codebook, current, focus, fetchJson, held, preview, sentences } from "./desk.js";
import { pairId } from "./ids.js";
import { Key } from "./parts.js";
import { quoteSpan } from "./segments.js";
import { hasMap, restMap, showPins } from "./minimap.js";
import { decideTwin, showTwins } from "./steps.js";
import { BASES, PLACE_KINDS, PLACE_PRECISION, TITLES, daysBetween, sayDates, sayDay, sayEstimate, sayPlace, sayValue, weekday } from "./words.js";

const RULES = {
  date: "The days on which it happened, not those on which it was told. A day when the text settles it; else the whole stretch that the text allows, and how finely it is known.",
  place: "The place where it happened, as finely as the text allows: a town or a site in it; near a place; a province; the country alone. Never the place where it was told.",
  actor1: "One of the two sides, by its name in the list. Where a side attacks people who do not fight, the attacker is actor 1. Nobody named: the unidentified group of that country.",
  actor2: "The other side, or those it was done to. Empty where there is only one side.",
  deaths: "People killed in this incident, on all sides, as reported. “At least 5” is written 5+. A figure for several places is a total of the article (W), not a toll. Nothing said is not 0.",
  injured: "People hurt in this incident, as reported. Nothing said is not 0.",
  civilian_targeting: "Yes where people who do not fight are the main or only ones that it was aimed at.",
  attribution: "Who is said to have done it, who says so, and on what basis. As reported, never our own finding.",
  note: "Anything that a later reader must know. It is published with the event.",
};

function Rule({ name }) {
  const chosen = preview.value?.type ?? current.value?.fields.event_type.value;
  const type = name === "event_type" ? codebook.types.find((t) => t.name === chosen) : null;
  if (name === "event_type") {
    return type ? html`<section class="rule"><h3>${type.name} <small>${type.event_type}</small></h3><p>${type.definition}</p><p class="faint">${type.takes_over}</p>
      <details><summary>Examples, and what it is not</summary><ul>${type.examples.map((text) => html`<li>${text}</li>`)}</ul><ul class="not">${type.not.map(({ sentence, becomes, reason }) => html`<li>${sentence} <small>${becomes ?? "no event"}: ${reason}</small></li>`)}</ul></details></section>` : html`<section class="rule"><h3>Rule</h3><p>The highest type of the codebook's order that the text tells of. <${Key} of="edit" /> shows all ${codebook.types.length}.</p></section>`;
  }
  return html`<section class="rule"><h3>Rule: ${TITLES[name]}</h3><p>${RULES[name]}</p></section>`;
}

function Evidence({ field }) {
  const spans = field.evidence.length ? field.evidence : field.state === "rejected" ? field.suggested : [];
  if (!spans.length && !field.inferred) return null;
  return html`<section class="rests"><h3>Rests on</h3>${spans.length ? spans.map((span) => html`<p class="quote" dir="auto">${quoteSpan(sentences.value, span)}</p>`) : html`<p>Inferred: ${field.inferred}</p>`}</section>`;
}

function When({ field }) {
  const { published_on: published, published_basis: basis } = held.value.article;
  const { value } = field;
  const gap = value && published ? daysBetween(value.end, published) : null;
  const told = gap === null ? "" : gap === 0 ? "the day of publication" : gap > 0 ? `${gap} ${gap === 1 ? "day" : "days"} before publication` : "after publication: look again";
  return html`<section><h3>Days</h3><dl class="pairs">${value ? html`<div><dt>Coded</dt><dd>${sayDates(value)}${value.start === value.end ? `, a ${weekday(value.start)}` : ""}</dd></div>` : null}
    <div><dt>Published</dt><dd>${published ? `${sayDay(published)}, a ${weekday(published)}` : "not known"}${basis === "given" || basis === "stated" ? "" : html` <small>(${basis})</small>`}</dd></div>
    ${told ? html`<div><dt>So</dt><dd class=${gap < 0 ? "wrong" : ""}>${told}</dd></div>` : null}</dl></section>`;
}

function useFetched(address, ready) {
  const [found, setFound] = useState(null);
  useEffect(() => {
    if (!address) return setFound(null);
    let gone = false;
    const timer = setTimeout(() => fetchJson(address).then((body) => { if (!gone) setFound(ready(body)); }).catch(() => { if (!gone) setFound(null); }), 120);
    return () => { gone = true; clearTimeout(timer); };
  }, [address]);
  return found;
}

function Where({ on, field, dates }) {
  const box = useRef(null);
  const name = field?.value?.name ?? field?.suggestion?.name;
  const home = field?.value?.iso3 ?? field?.suggestion?.iso3;
  const known = useFetched(on && name ? `/desk/api/places?${new URLSearchParams({ q: name, near: home ?? "" })}` : null, (body) => body.places);
  const value = field?.value;
  const around = on && value?.latitude !== null && value?.iso3 && dates ? `/desk/api/near?${new URLSearchParams({ iso3: value.iso3, from: dates.start, to: dates.end, lat: value.latitude, lon: value.longitude, mention: current.value.id })}` : null;
  const near = useFetched(around, (body) => body.events);
  const same = (a, b) => a.gazetteer_id === b.gazetteer_id && a.name === b.name;
  const candidates = preview.value?.places ?? (value ? [value, ...(known ?? []).filter((place) => !same(place, value))] : known ?? []);
  const drawn = candidates.filter((place) => place.latitude !== null).slice(0, 9);
  const at = preview.value?.places ? drawn.indexOf(candidates[preview.value.at]) : 0;
  useEffect(() => {
    if (!on) restMap();
    else showPins(box.current, { pins: drawn, at, near: near ?? [] });
  }, [on, preview.value, known, near, value]);
  return html`<section hidden=${!on || !(drawn.length || value)}><h3>Candidates</h3>
    <div class="minimap" ref=${box} hidden=${!drawn.length || !hasMap()}></div>
    ${on && value && value.latitude === null ? html`<p class="faint">This place has no point: it is counted beside the map.</p>` : null}
    <ol class="places">${on ? drawn.slice(0, 6).map((place, n) => html`<li class=${n === at ? "on" : ""}>${sayPlace(place)} <small>${place.kind === "town" ? PLACE_PRECISION[place.precision] : PLACE_KINDS[place.kind]}${place.population ? `, ${place.population.toLocaleString("en")} people` : ""}</small></li>`) : null}</ol>
    ${on && near?.length ? html`<h3>Within 25 km and 7 days</h3><ul class="places">${near.slice(0, 5).map((event) => html`<li><a href=${`/event/${encodeURIComponent(event.id)}`} target="_blank" rel="noopener">${event.type}</a>, ${event.day ? sayDay(event.day) : "day not told"} <small>${event.km} km · ${event.deaths === null ? "no figure of deaths" : `${event.deaths} killed`}</small></li>`)}</ul>` : null}</section>`;
}

function Who({ field }) {
  const name = preview.value?.actor?.name ?? field.value?.name ?? field.suggestion?.name;
  const found = useFetched(name ? `/desk/api/actors?${new URLSearchParams({ q: name })}` : null, (body) => body.actors.find((actor) => actor.name === name) ?? null);
  if (!name) return null;
  return html`<section><h3>${name}</h3><p class="faint">${found ? found.kind : (preview.value?.actor ?? field.value ?? field.suggestion).kind}${found?.country ? ` · ${found.country}` : ""}${found?.used ? ` · in ${found.used} ${found.used === 1 ? "event" : "events"} of this desk` : ""}</p>
    ${found?.aliases.length ? html`<p>Also: ${found.aliases.join("; ")}</p>` : null}</section>`;
}

function Toll({ measure }) {
  const figures = current.value.figures.filter((figure) => figure.measure === measure);
  if (!figures.length) return null;
  return html`<section><h3>Figures in the article</h3><ul class="places">${figures.map((figure) => html`<li><b>${sayEstimate(figure)}</b> ${figure.of === "everyone" ? "in all" : figure.of}${figure.said_by ? html` <small>says ${figure.said_by}</small>` : null}<br /><span class="quote" dir="auto">${figure.evidence.map((span) => quoteSpan(sentences.value, span)).join(" … ")}</span></li>`)}</ul></section>`;
}

function Blamed() {
  if (!current.value.said.length) return null;
  return html`<section><h3>What the article reports</h3><ul class="places">${current.value.said.map((said) => html`<li>${said.actor ?? "nobody named"}: ${BASES[said.basis]}${said.by ? html` <small>says ${said.by}</small>` : null}</li>`)}</ul></section>`;
}

// ---------------------------------------------------------------- possibly the same incident

const PAIRED = ["date", "place", "event_type", "actor1", "actor2", "deaths"];

function Twins() {
  const id = current.value?.id;
  const box = useRef(null);
  const [place, setPlace] = useState(0);
  const hidden = held.value.mode === "blind" || !id;
  const found = useFetched(hidden ? null : `/desk/api/duplicates?${new URLSearchParams({ mention: id, article: held.value.article.id })}`, (body) => body.twins.map((twin) => ({ ...twin, ours: id })));
  const twins = found ?? [];
  useEffect(() => setPlace(0), [id]);
  useEffect(() => {
    showTwins(twins, place, (next, enter) => { setPlace(next); if (enter) setTimeout(() => box.current?.querySelector("li.on")?.focus()); });
    return () => showTwins([], 0, null);
  }, [found, place]);
  if (hidden) return null;
  // A rule's verdict is a proposal: only a person's is shown as chosen.
  const verdictOf = (twin) => held.value.verdicts?.[pairId(twin.ours, twin.id)] ?? (twin.by === "a person" ? twin.verdict : null);
  const judge = (twin, action) => (event) => { event.stopPropagation(); decideTwin(twin, action); };
  return html`<section class="twins" aria-labelledby="twins-head"><h3 id="twins-head">Possibly the same incident <${Key} of="nextTwin" /></h3>
    ${twins.length ? null : html`<p class="faint">No other article tells of something like it.</p>`}
    <ul ref=${box}>${twins.map((twin, n) => {
      const verdict = verdictOf(twin);
      return html`<li key=${twin.id} class=${n === place ? "on" : ""} tabindex=${n === place ? 0 : -1} aria-label=${`${twin.title}, ${twin.source ?? "source not known"}`} onFocus=${() => setPlace(n)}
        onKeyDown=${(event) => { if (event.key === "?") { decideTwin(twin, "unsure"); event.preventDefault(); event.stopPropagation(); } }}>
        <p><a href=${`/article/${encodeURIComponent(twin.article)}`} target="_blank" rel="noopener" dir="auto">${twin.title}</a> <small>${twin.source ?? "source not known"}${twin.published_on ? `, ${sayDay(twin.published_on)}` : ""}</small></p>
        <table><tbody>${PAIRED.filter((name) => twin.values[name] || current.value.fields[name].value).map((name) => {
          const [ours, theirs] = [sayValue(name, current.value.fields[name].value) || "–", sayValue(name, twin.values[name]) || "–"];
          return html`<tr key=${name} class=${ours === theirs ? "same" : ""}><th scope="row">${TITLES[name]}</th><td>${ours}</td><td>${theirs}${ours === theirs ? html` <span class="unseen">(the same)</span>` : null}</td></tr>`;
        })}</tbody></table>
        <p class="verdicts">${[["same", "Same", "="], ["different", "Different", "-"], ["unsure", "Unsure", "?"]].map(([action, words, key]) => html`<button type="button" key=${action} aria-pressed=${verdict === action ? "true" : "false"} onMouseDown=${(event) => event.preventDefault()} onClick=${judge(twin, action)}>${words} <kbd>${action === "unsure" ? key : html`<${Bound} of=${action} />`}</kbd></button>`)}${twin.score === null ? null : html`<small title=${`How alike the two are: ${Math.round(twin.score * 10) / 10}`}>proposed: ${twin.verdict}</small>`}</p></li>`;
    })}</ul></section>`;
}

const Bound = ({ of }) => ({ same: "=", different: "-" })[of];

export function Context() {
  const { field: name } = focus.value;
  const incident = current.value;
  const field = incident?.fields[name];
  return html`<section id="context" class="column" aria-labelledby="context-head" tabindex="-1">
    <header class="column-head"><h2 id="context-head">${incident ? TITLES[name] : "Help"}</h2>${incident ? html`<p class="faint">of incident ${incident.number}</p>` : null}</header>
    <div class="scroll">
      ${field ? html`<${Evidence} field=${field} />` : null}
      ${field && name === "date" ? html`<${When} field=${field} />` : null}
      <${Where} on=${Boolean(field) && name === "place"} field=${field} dates=${incident?.fields.date.value} />
      ${field && (name === "actor1" || name === "actor2") ? html`<${Who} field=${field} />` : null}
      ${field && (name === "deaths" || name === "injured") ? html`<${Toll} measure=${name} />` : null}
      ${field && name === "attribution" ? html`<${Blamed} />` : null}
      <${Rule} name=${name} />
      <${Twins} />
    </div></section>`;
}

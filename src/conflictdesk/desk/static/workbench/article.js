// The left column: the article's sentences with their numbers, spans by incident and field, and what covers each.
import { html, useLayoutEffect, useRef } from "../vendor/preact.js";
import { addIncident, pick, pickSpan } from "./acts.js";
import { background, totals } from "./steps.js";
import { choosing, covers, current, cursor, focus, held, incidents, moveTo, sentences } from "./desk.js";
import { numbersOf } from "./folding.js";
import { Act, Badge, Key, Still, colourOf } from "./parts.js";
import { readSelection, slicePoints } from "./segments.js";
import { TITLES } from "./words.js";

// Fields share five lines under the text; the words beside them say which.
export const LINES = { event_type: "solid", date: "dotted", place: "dashed", actor1: "double", actor2: "double", deaths: "wavy", injured: "wavy", civilian_targeting: "solid", attribution: "dotted" };
const COVERS = { assigned: "", background: "background", claim: "a total of the whole article", looked: "looked at", open: "tells of violence, in no incident yet", quiet: "" };

function lineOf(marks, own, field) {
  const names = marks.filter(([number]) => number === own).map(([, name]) => name);
  return LINES[names.includes(field) ? field : names[0]];
}

function Segment({ sentence, segment: [start, end, marks], own, field, labels }) {
  const words = slicePoints(sentence, start, end);
  if (!marks.length) return words;
  const numbers = [...new Set(marks.map(([number]) => number))];
  const shown = numbers.includes(own) ? own : numbers[0];
  const hot = shown === own && marks.some(([number, name]) => number === own && name === field);
  const told = numbers.map((n) => `incident ${n}: ${marks.filter(([m]) => m === n).map(([, name]) => TITLES[name].toLowerCase()).join(", ")}`).join("; ");
  return html`<mark class=${`i${colourOf(shown)} ${lineOf(marks, shown, field)}${shown === own ? " own" : ""}${hot ? " hot" : ""}`} title=${told}
    data-mark=${`${shown} ${(marks.find(([n, name]) => n === shown && name === field) ?? marks.find(([n]) => n === shown))[1]}`}
    data-labels=${labels.length ? labels.join("·") : undefined}>${words}</mark>`;
}

function cutPicked(sentence, picked) {
  const borders = new Set([sentence.start, sentence.end]);
  for (const [start, end] of picked) borders.add(Math.max(start, sentence.start)).add(Math.min(end, sentence.end));
  const sorted = [...borders].sort((a, b) => a - b);
  return sorted.slice(1).map((end, n) => [sorted[n], end, picked.some(([from, to]) => from <= sorted[n] && end <= to)]);
}

class Sentence extends Still {
  render({ sentence, here, own, field, picked, cover, opens }) {
    const numbers = numbersOf(sentence);
    const told = numbers.length ? `in incident ${numbers.join(" and ")}` : COVERS[cover];
    let before = [];
    const body = picked
      ? cutPicked(sentence, JSON.parse(picked)).map(([start, end, on]) => (on ? html`<mark class="picked">${slicePoints(sentence, start, end)}</mark>` : slicePoints(sentence, start, end)))
      : sentence.segments.map((segment) => {
        const now = [...new Set(segment[2].map(([number]) => number))];
        const labels = now.filter((number) => !before.includes(number));
        before = now;
        return html`<${Segment} sentence=${sentence} segment=${segment} own=${own} field=${field} labels=${labels} />`;
      });
    return html`<li data-s=${sentence.n} id=${`s${sentence.n}`} class=${`sentence ${cover}${here ? " here" : ""}${opens ? " opens" : ""}${sentence.n === 0 ? " headline" : ""}`}
      aria-current=${here ? "true" : undefined} tabindex=${here ? 0 : -1}>
      <span class="number" aria-hidden="true">s${sentence.n}</span>
      <span class="text" dir="auto">${body}</span>
      <span class="cover" title=${told}><span class="unseen">Sentence ${sentence.n}${told ? `, ${told}` : ""}. </span>${numbers.map((n) => html`<${Badge} number=${n} key=${n} />`)}${!numbers.length && cover === "open" ? html`<b aria-hidden="true">!</b>` : null}${cover === "background" ? html`<i aria-hidden="true">bg</i>` : null}${cover === "claim" ? html`<i aria-hidden="true">Σ</i>` : null}</span>
    </li>`;
  }
}

function onClick(event, box) {
  const row = event.target.closest("[data-s]");
  if (!row) return;
  const n = Number(row.dataset.s);
  cursor.value = n;
  if (choosing.value) {
    const span = readSelection(sentences.value, box);
    if (span) pickSpan(span);
    else pick(n);
    window.getSelection()?.removeAllRanges();
    return;
  }
  const mark = event.target.closest("[data-mark]");
  if (!mark || !window.getSelection()?.isCollapsed) return;
  const [number, field] = mark.dataset.mark.split(" ");
  const incident = incidents.value.find((i) => i.number === Number(number));
  if (incident) moveTo(incident.id, field);
  cursor.value = n;
}

export function Article() {
  const box = useRef(null);
  const state = choosing.value;
  const here = cursor.value;
  const own = current.value?.dropped ? null : current.value?.number ?? null;
  const { field } = focus.value;
  useLayoutEffect(() => {
    box.current.querySelector(`[data-s="${here}"]`)?.scrollIntoView({ block: "nearest" });
  }, [here, focus.value.incident]);
  const open = sentences.value.filter((s) => covers.value.get(s.n) === "open");
  let paragraph = null;
  return html`<section id="text" class="column" aria-labelledby="text-head" tabindex="-1">
    <header class="column-head"><h2 id="text-head">Article</h2>
      <p class=${open.length ? "left-over" : "faint"}>${open.length ? html`<button type="button" class="plain" onClick=${() => { cursor.value = (open.find((s) => s.n > cursor.value) ?? open[0]).n; }}><span class="amber" aria-hidden="true"></span>${open.length} unassigned</button>` : "Every sentence of violence is assigned"}</p>
    </header>
    <div class="scroll" ref=${box}>
      <ol class=${`sentences${state ? " choosing" : ""}`} dir=${held.value.article.dir} lang=${held.value.article.language} start="0" onClick=${(event) => onClick(event, box.current)}>
        ${sentences.value.map((s) => {
          const opens = s.paragraph !== paragraph;
          paragraph = s.paragraph;
          const mine = own !== null && s.segments.some(([, , marks]) => marks.some(([number]) => number === own));
          const picked = state?.spans.filter(([start, end]) => start < s.end && s.start < end) ?? [];
          return html`<${Sentence} key=${s.n} sentence=${s} here=${s.n === here} own=${mine ? own : null} field=${mine ? field : null}
            picked=${picked.length ? JSON.stringify(picked) : null} cover=${covers.value.get(s.n)} opens=${opens} />`;
        })}
      </ol>
      <details class="legend-text"><summary>What the lines and marks mean</summary>
        <ul><li><u class="solid">solid</u> what</li><li><u class="dotted">dotted</u> when, blame</li><li><u class="dashed">dashed</u> where</li><li><u class="double">double</u> actors</li><li><u class="wavy">wavy</u> killed, injured</li></ul>
        <p>The number and the colour are the incident's. Amber: words of violence in no incident. bg: background. Σ: a total of the whole article.</p>
      </details>
    </div>
    <footer class="column-foot"><span class="move"><${Key} of="nextSentence" /><${Key} of="previousSentence" /></span>
      <${Act} of="add" act=${addIncident} label="New incident" /><${Act} of="background" act=${background} label="Background" /><${Act} of="totals" act=${totals} label="Totals" /></footer>
  </section>`;
}

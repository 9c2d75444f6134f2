// Small pieces that several columns are made of.
import { Component, html } from "../vendor/preact.js";
import { findSentence } from "./segments.js";
import { cursor, sentences } from "./desk.js";
import { bindings, sayKey } from "./keys.js";
import { STATES } from "./words.js";

// Drawn again only when a property is another one.
export class Still extends Component {
  shouldComponentUpdate(next) {
    for (const name in next) if (next[name] !== this.props[name]) return true;
    for (const name in this.props) if (!(name in next)) return true;
    return false;
  }
}

export function Key({ of }) {
  return html`<kbd key=${bindings.value[of]}>${sayKey(of)}</kbd>`;
}

// A control with its key printed on it. It never takes the focus from the field that it is about.
export function Act({ of, act, label, disabled, kind = "", title }) {
  return html`<button type="button" class=${`act ${kind}`} disabled=${disabled} title=${title} data-act=${of}
    onMouseDown=${(event) => event.preventDefault()} onClick=${act}><span>${label}</span><${Key} of=${of} /></button>`;
}

export function Dot({ state }) {
  const [mark, words] = STATES[state];
  return html`<span class=${`dot ${state}`} title=${words}><span aria-hidden="true">${mark}</span><span class="unseen">${words}</span></span>`;
}

export function Badge({ number, dropped }) {
  return html`<span class=${`badge i${colourOf(number)}${dropped ? " off" : ""}`} aria-hidden="true">${number}</span>`;
}

export const colourOf = (number) => ((number - 1) % 8) + 1;

// The sentences that a value rests on, as small buttons that go there.
export function Chips({ spans }) {
  const numbers = [...new Set(spans.map(([start]) => findSentence(sentences.value, start).n))];
  return numbers.map((n) => html`<button type="button" class="chip-s" key=${n} tabindex="-1" aria-label=${`s${n}: its evidence`}
    onMouseDown=${(event) => event.preventDefault()} onClick=${(event) => { event.stopPropagation(); cursor.value = n; }}>s${n}</button>`);
}

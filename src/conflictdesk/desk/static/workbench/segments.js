// Where spans stand in the text: all offsets are code points; UTF-16 is met only where the browser's own selection is read.
import { FIELDS } from "./words.js";

const ORDER = Object.fromEntries(FIELDS.map((name, place) => [name, place]));

// A part of a sentence's text by code points.
export function slicePoints(sentence, start, end) {
  sentence.points ??= /[\ud800-\udbff]/.test(sentence.text) ? Array.from(sentence.text) : null;
  const [from, to] = [start - sentence.start, end - sentence.start];
  return sentence.points ? sentence.points.slice(from, to).join("") : sentence.text.slice(from, to);
}

export const countPoints = (text) => (/[\ud800-\udbff]/.test(text) ? Array.from(text).length : text.length);

// The same cut as the server makes: at every border of a mark [start, end, incident, field].
export function cutSentence(sentence, marks) {
  const here = marks.filter(([start, end]) => start < sentence.end && sentence.start < end);
  const borders = new Set([sentence.start, sentence.end]);
  for (const [start, end] of here) borders.add(Math.max(start, sentence.start)).add(Math.min(end, sentence.end));
  const sorted = [...borders].sort((a, b) => a - b);
  return sorted.slice(1).map((end, place) => {
    const start = sorted[place];
    const on = new Map(here.filter((m) => m[0] <= start && end <= m[1]).map((m) => [`${m[2]} ${m[3]}`, [m[2], m[3]]]));
    return [start, end, [...on.values()].sort((a, b) => a[0] - b[0] || ORDER[a[1]] - ORDER[b[1]])];
  });
}

export function findSentence(sentences, position) {
  let found = sentences[0];
  for (const sentence of sentences) {
    if (sentence.start > position) break;
    found = sentence;
  }
  return found;
}

export const sentencesOf = (sentences, spans) => [...new Set(spans.map(([start]) => findSentence(sentences, start)?.n))].filter((n) => n !== undefined);

export function quoteSpan(sentences, [start, end]) {
  const parts = sentences.filter((s) => s.start < end && start < s.end);
  return parts.map((s) => slicePoints(s, Math.max(start, s.start), Math.min(end, s.end))).join(" ");
}

// The words of a sentence as spans, for tightening.
export function wordsOf(sentence) {
  const found = [];
  let at = sentence.start;
  for (const part of sentence.text.split(/(\s+)/)) {
    const length = countPoints(part);
    if (part.trim()) found.push([at, at + length]);
    at += length;
  }
  return found;
}

// The browser's selection inside one sentence, as a span of code points; null where it is none.
export function readSelection(sentences, root) {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const holder = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest("[data-s] .text");
  const box = holder(range.startContainer);
  if (!box || !root.contains(box) || holder(range.endContainer) !== box) return null;
  const sentence = sentences.find((s) => s.n === Number(box.closest("[data-s]").dataset.s));
  const before = document.createRange();
  before.selectNodeContents(box);
  before.setEnd(range.startContainer, range.startOffset);
  const start = sentence.start + countPoints(before.toString());
  const words = range.toString();
  const lead = countPoints(words) - countPoints(words.trimStart());
  const span = [start + lead, start + lead + countPoints(words.trim())];
  return span[1] > span[0] ? span : null;
}

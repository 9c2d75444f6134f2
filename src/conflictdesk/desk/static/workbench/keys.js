// The keys: what each does, what it is bound to, how it is printed. Changes are kept in this browser.
import { createKeybindingsHandler, signal } from "../vendor/preact.js";

const STORE = "cd.keys";
// id, key, words, group. Keys are written as tinykeys reads them.
export const COMMANDS = [
  ["nextField", "Tab", "Next undecided field", "Move"],
  ["previousField", "Shift+Tab", "Previous undecided field", "Move"],
  ["down", "ArrowDown", "Next field of the card", "Move"],
  ["up", "ArrowUp", "Previous field of the card", "Move"],
  ["nextIncident", "PageDown", "Next incident", "Move"],
  ["previousIncident", "PageUp", "Previous incident", "Move"],
  ["nextSentence", "j", "Next sentence", "Move"],
  ["previousSentence", "k", "Previous sentence", "Move"],
  ["nextColumn", "F6", "Next column", "Move"],
  ["accept", "a", "Accept the suggestion", "Field"],
  ["reject", "x", "Reject it: wrong, and no value is known to be right", "Field"],
  ["edit", "e", "Edit the value", "Field"],
  ["notStated", "n", "Not stated in the article", "Field"],
  ["sure", "c", "How sure you are: sure, fairly sure, unsure", "Field"],
  ["evidence", "v", "Choose its evidence", "Field"],
  ["flag", "f", "Ask the lead about this field", "Field"],
  ["acceptAll", "Shift+A", "Accept all that is left of this incident", "Incident"],
  ["add", "Shift+N", "New incident from the current sentence", "Incident"],
  ["split", "Shift+S", "Split: choose the sentences that go", "Incident"],
  ["merge", "Shift+M", "Merge with the incident of a number", "Incident"],
  ["drop", "Shift+D", "Drop with a reason, or bring back", "Incident"],
  ["same", "=", "Possibly the same: the same incident", "Other articles"],
  ["different", "-", "Possibly the same: a different one", "Other articles"],
  ["unsure", "?", "Possibly the same: cannot tell (while that list has the focus)", "Other articles"],
  ["nextTwin", "]", "Next possible duplicate", "Other articles"],
  ["background", "b", "Mark the sentence as background, or take the mark away", "Article"],
  ["totals", "w", "Totals of the whole article", "Article"],
  ["undo", "u", "Undo your last decision", "Article"],
  ["finish", "$mod+Enter", "Check and finish", "Article"],
  ["queue", "g q", "Go to the queue", "Article"],
  ["help", "Shift+?", "This list of keys", "Article"],
  ["pick", "Space", "Add or take away the sentence", "While you choose sentences"],
  ["firstWord", "Shift+ArrowRight", "Leave out the first word", "While you choose sentences"],
  ["lastWord", "Shift+ArrowLeft", "Leave out the last word", "While you choose sentences"],
  ["attach", "Enter", "Attach", "While you choose sentences"],
  ["reason", "i", "No words say it: give the reason why", "While you choose sentences"],
  ["cancel", "Escape", "Leave it as it was", "While you choose sentences"],
];
const CHOOSING = new Set(["pick", "firstWord", "lastWord", "attach", "reason", "cancel"]);
const BOTH = new Set(["nextSentence", "previousSentence", "undo", "help", "finish"]);
const FIXED = new Set(["unsure"]);
export const bindings = signal(readBindings());

function readBindings() {
  const own = Object.fromEntries(COMMANDS.map(([id, key]) => [id, key]));
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    for (const [id, key] of Object.entries(kept)) if (id in own && typeof key === "string" && key) own[id] = key;
  } catch {
    localStorage.removeItem(STORE);
  }
  return own;
}

const NAMES = { Space: "Space", Escape: "Esc", ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", PageDown: "PgDn", PageUp: "PgUp", Enter: "Enter", Tab: "Tab" };

// A key as it is printed on a control.
export function sayKey(id) {
  return bindings.value[id].split(" ").map((press) => {
    const parts = press === "+" ? ["+"] : press.split("+");
    const key = parts.pop();
    const letter = /^Key[A-Z]$/.test(key) ? key.slice(3).toLowerCase() : key;
    if (parts.length === 1 && parts[0] === "Shift" && letter.length === 1) return letter.toUpperCase();
    const mods = parts.map((part) => ({ $mod: "Ctrl", Control: "Ctrl", Meta: "⌘" })[part] ?? part);
    return [...mods, NAMES[letter] ?? letter].join("-");
  }).join(" ");
}

// The press of an event as a binding is written; null while only a modifier is down.
export function writePress(event) {
  if (["Shift", "Control", "Alt", "Meta", "AltGraph", "Dead", "Process"].includes(event.key)) return null;
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const letter = key.length > 1 || key.toLowerCase() !== key.toUpperCase();
  const mods = [event.ctrlKey && "Control", event.metaKey && "Meta", event.altKey && "Alt", event.shiftKey && letter && "Shift"].filter(Boolean);
  const written = letter && event.shiftKey && key.length === 1 ? key.toUpperCase() : key;
  return [...mods, written].join("+");
}

const plain = (key) => key.toLowerCase().replace("$mod", "control").replace(/^shift\+(?=[^a-z]$)/, "");
const meet = (left, right) => plain(left).split(" ")[0] === plain(right).split(" ")[0];

// Bind a command to a key; the words of a refusal, or null when it is kept.
export function bind(id, key) {
  if (/^[0-9]$/.test(key)) return "The digits choose the incident.";
  if (key === "Escape" && id !== "cancel") return "Esc always leaves.";
  const shared = (other) => BOTH.has(id) || BOTH.has(other) || CHOOSING.has(id) === CHOOSING.has(other);
  const taken = COMMANDS.find(([other]) => other !== id && other !== "unsure" && id !== "unsure" && shared(other) && meet(bindings.value[other], key));
  if (taken) return `This key is taken: ${taken[2]}.`;
  keep({ ...bindings.value, [id]: key });
  return null;
}

export function resetKeys() {
  keep(Object.fromEntries(COMMANDS.map(([id, key]) => [id, key])));
}

function keep(next) {
  bindings.value = next;
  const own = COMMANDS.filter(([id, key]) => next[id] !== key).map(([id]) => [id, next[id]]);
  localStorage.setItem(STORE, JSON.stringify(Object.fromEntries(own)));
}

export const isTyping = (target) => target instanceof Element && (target.matches("input, textarea, select") || target.isContentEditable);
const presses = (target) => target instanceof Element && target.closest("button, a, summary") !== null;

// Listen; `acts` holds a function for every command, `mode()` says "cards", "choose" or "sheet".
export function listen(acts, mode) {
  const handlers = {};
  const build = () => {
    for (const name of ["cards", "choose"]) {
      const map = {};
      const hang = (id, key) => {
        map[key] = (event) => run(id, event);
        // A sign may need Shift on one keyboard and not on another.
        const bare = key.replace(/^Shift\+/, "");
        if (bare.length === 1 && bare.toLowerCase() === bare.toUpperCase()) map[bare] = map[`Shift+${bare}`] = map[key];
      };
      for (const [id] of COMMANDS) {
        const fits = name === "choose" ? CHOOSING.has(id) || BOTH.has(id) : !CHOOSING.has(id);
        if (fits && !FIXED.has(id)) hang(id, bindings.value[id]);
      }
      for (let digit = 1; digit <= 9; digit += 1) map[`Digit${digit}`] = map[String(digit)] = (event) => run("incident", event, digit);
      if (name === "cards") map.Escape = (event) => run("leave", event);
      handlers[name] = createKeybindingsHandler(map);
    }
  };
  const run = (id, event, more) => {
    if (event.cdDone) return;
    const plainPress = (event.key === "Enter" || event.key === " ") && !event.ctrlKey && !event.metaKey;
    if (plainPress && presses(event.target)) return;
    if (acts[id](event, more) !== false) {
      event.cdDone = true;
      event.preventDefault();
    }
  };
  build();
  bindings.subscribe(build);
  window.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    const now = mode();
    if (now === "sheet") return;
    if (isTyping(event.target)) {
      if (meet(bindings.value.finish, writePress(event) ?? "none")) run("finish", event);
      return;
    }
    handlers[now](event);
  });
}

// The workbench: three columns, a bar of what can be done, and the keys.
import { html, render } from "../vendor/preact.js";
import { accept, attach, edit, evidence, flag, notStated, reject, sure } from "./acts.js";
import { Article } from "./article.js";
import { Cards } from "./cards.js";
import { Context } from "./context.js";
import {
  choosing, codebook, current, editing, focus, goToArticle, held, incidents, local, lock, moveTo, openCase, outbox, said, sheet,
  takeLock, user, why,
} from "./desk.js";
import { listen } from "./keys.js";
import { warmMap } from "./minimap.js";
import { Act, Badge, Key } from "./parts.js";
import { Sheet } from "./sheets.js";
import { acts, finish } from "./steps.js";
import { TITLES, sayDay } from "./words.js";

function Head() {
  const { article, track, mode, finished, flags, next } = held.value;
  return html`<header class="case-head"><div class="case-title"><h1><bdi>${article.title || "Article without a headline"}</bdi></h1>
    <p>${[article.source, article.published_on && sayDay(article.published_on), article.language].filter(Boolean).map((part, n) => html`${n ? " · " : ""}<bdi>${part}</bdi>`)}
      ${article.url ? html` · <a href=${article.url} target="_blank" rel="noopener noreferrer">original</a>` : null} · <a href=${`/article/${encodeURIComponent(article.id)}`}>article page</a> · <span title="The text's SHA-256: it never changes">text <code>${article.text_hash.slice(0, 8)}</code></span></p></div>
    <p class="case-tags">${track === "second" ? html`<span class="tag">second coding${mode === "blind" ? ", blind" : ""}</span>` : null}${track === "final" ? html`<${Settling} />` : null}${finished ? html`<span class="tag done">finished by you</span>` : null}${flags.length ? html`<span class="tag ask" title=${flags.map((f) => f.reason).join("; ")}>${flags.length} ${flags.length === 1 ? "question" : "questions"}</span>` : null}
      ${lock.value && lock.value.mine === false ? html`<span class="tag ask">${lock.value.by} has it open <button type="button" class="plain" onClick=${() => takeLock({ over: true })}>take it over</button></span>` : null}
      ${next ? html`<span class="next">next: <button type="button" class="plain" dir="auto" onClick=${() => goToArticle(next.id)}>${next.title}</button></span>` : null}
      <a class="act" href="/queue"><span>Queue</span><${Key} of="queue" /></a></p></header>`;
}

// A lead settles a difference here: the server asks why the coders differ.
function Settling() {
  return html`<span class="tag">settling</span> <label class="why">because of <select id="why" value=${why.value} onChange=${(event) => { why.value = event.target.value; event.target.blur(); }}><option value="">why do they differ?</option>${codebook.settle_reasons.map((reason) => html`<option key=${reason}>${reason}</option>`)}</select></label>`;
}

function Saved() {
  const { waiting, offline, signedOut } = outbox;
  const words = waiting.value ? `${waiting.value} waiting` : "saved";
  return html`<span class=${`saved${offline.value ? " off" : ""}`} data-waiting=${waiting.value}>${waiting.value && !offline.value ? "saving…" : offline.value ? words : "all saved"}</span>${signedOut.value ? html` <a href=${local ? "/enter" : "/login"} target="_blank">Sign in again</a>` : null}`;
}

function Doing() {
  const state = choosing.value;
  const incident = current.value;
  if (state) {
    const what = state.kind === "split" ? "Choose the sentences that go to a new incident" : html`Evidence for ${TITLES[state.field]}`;
    return html`<footer id="doing" class="doing choosing" tabindex="-1"><p class="about"><b>${what}</b></p><div class="acts">
      <span class="move"><${Key} of="nextSentence" /><${Key} of="previousSentence" /> move</span>
      <${Act} of="pick" act=${acts.pick} label="Take or leave" /><span class="move"><${Key} of="firstWord" /><${Key} of="lastWord" /> tighten</span>
      <${Act} of="attach" act=${attach} label=${state.kind === "split" ? "Split" : "Attach"} kind="main" />${state.kind === "evidence" ? html`<${Act} of="reason" act=${acts.reason} label="No words: give a reason" />` : null}<${Act} of="cancel" act=${acts.cancel} label="Leave" /></div></footer>`;
  }
  const field = incident?.fields[focus.value.field];
  const off = !incident || Boolean(incident.dropped);
  return html`<footer id="doing" class="doing" tabindex="-1"><p class="about">${incident ? html`<${Badge} number=${incident.number} /> <b>${TITLES[focus.value.field]}</b>` : html`<b>No incident</b>`}</p>
    <div class="acts"><${Act} of="accept" act=${accept} label="Accept" kind="main" disabled=${off || field.suggestion === null} /><${Act} of="reject" act=${reject} label="Reject" disabled=${off || field.suggestion === null} /><${Act} of="edit" act=${edit} label="Edit" disabled=${off} /><${Act} of="notStated" act=${notStated} label="Not stated" disabled=${off} /><${Act} of="evidence" act=${evidence} label="Evidence" disabled=${off} /><${Act} of="sure" act=${sure} label="How sure" disabled=${off} /><${Act} of="flag" act=${flag} label="Ask lead" disabled=${off} /></div>
    <div class="acts end"><${Act} of="undo" act=${acts.undo} label="Undo" /><${Act} of="help" act=${acts.help} label="Keys" /><${Act} of="finish" act=${finish} label=${held.value.track === "final" ? "Differences" : "Finish"} kind="main" /></div></footer>`;
}

function Status() {
  const { offline, waiting } = outbox;
  return html`<div class="status-line"><p role="status" aria-live="polite" id="said">${said.value}</p><p class="save-state"><${Saved} /></p></div>
    <div role="alert">${offline.value ? html`<p class="offline">No connection to the desk. ${waiting.value} ${waiting.value === 1 ? "decision waits" : "decisions wait"} in this browser and ${waiting.value === 1 ? "is" : "are"} sent when it is back. You can go on. <button type="button" class="plain" onClick=${() => outbox.flush()}>Try now</button></p>` : null}</div>`;
}

function Workbench() {
  return html`<${Head} /><div class=${`columns${editing.value ? " is-editing" : ""}`}><${Article} /><${Cards} /><${Context} /></div><${Status} /><${Doing} /><${Sheet} />`;
}

openCase(held.value);
const [wanted, name] = decodeURIComponent(window.location.hash.slice(1)).split(".");
if (incidents.value.some((incident) => incident.id === wanted) && name in TITLES) moveTo(wanted, name);
const root = document.getElementById("workbench");
root.replaceChildren();
render(html`<${Workbench} />`, root);
root.dataset.user = user;
listen(acts, () => (sheet.value ? "sheet" : choosing.value ? "choose" : "cards"));
window.addEventListener("popstate", () => {
  const id = decodeURIComponent(window.location.pathname.split("/").at(-1));
  if (id !== held.value.article.id) goToArticle(id, { push: false }).catch(() => window.location.reload());
});
outbox.flush();
takeLock();
warmMap();
document.documentElement.classList.add("js");

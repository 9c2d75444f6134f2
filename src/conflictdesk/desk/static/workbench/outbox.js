// What was decided and not yet acknowledged: written to the browser's own store before anything else, sent in order,
// sent again with the same id until the server answers. A page that is closed or reloaded loses nothing.
import { signal } from "../vendor/preact.js";

// What the server is sent: the value as JSON text, without what only this page needs.
const PARTS = ["decision_id", "subject_kind", "subject_id", "action", "article_id", "field", "spans", "inferred", "reason", "reverts", "track", "mode", "shown_ms"];

function writeDecision(decision) {
  const sent = Object.fromEntries(PARTS.map((name) => [name, decision[name] ?? null]));
  return { ...sent, spans: decision.spans ?? [], after: decision.after === null || decision.after === undefined ? null : JSON.stringify(decision.after) };
}

const PATIENCE = [1000, 2000, 4000, 8000, 15_000];
const BATCH = 50;

export class Outbox {
  // told(decision, words): the server refused it.  saved(decisions): they stand.
  constructor({ user, csrf, told, saved }) {
    this.prefix = `cd.out.${user}.`;
    this.csrf = csrf;
    this.user = user;
    this.told = told;
    this.saved = saved;
    this.waiting = signal(0);
    this.offline = signal(false);
    this.signedOut = signal(false);
    this.failures = 0;
    this.sending = null;
    this.counter = 0;
    this.count();
    window.addEventListener("online", () => this.flush());
    window.addEventListener("storage", () => this.count());
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting.value) event.preventDefault();
    });
  }

  keys() {
    const found = [];
    for (let n = 0; n < localStorage.length; n += 1) {
      const key = localStorage.key(n);
      if (key.startsWith(this.prefix)) found.push(key);
    }
    return found.sort();
  }

  count() {
    this.waiting.value = this.keys().length;
  }

  list() {
    return this.keys().map((key) => JSON.parse(localStorage.getItem(key)));
  }

  add(decisions) {
    for (const decision of decisions) {
      this.counter += 1;
      const place = `${String(Date.now()).padStart(15, "0")}.${String(this.counter).padStart(6, "0")}`;
      localStorage.setItem(`${this.prefix}${place}.${decision.decision_id}`, JSON.stringify(decision));
    }
    this.waiting.value += decisions.length;
    clearTimeout(this.timer);
    // A breath, so that the key press is painted first and what follows at once goes along.
    this.timer = setTimeout(() => this.flush(), 30);
  }

  forget(ids) {
    for (const key of this.keys()) if (ids.has(key.split(".").at(-1))) localStorage.removeItem(key);
    this.count();
  }

  // Resolves to true when nothing waits any longer.
  async flush() {
    if (this.sending) {
      await this.sending;
      if (!this.waiting.value || this.offline.value) return !this.waiting.value;
    }
    this.sending = this.sendAll();
    try {
      return await this.sending;
    } finally {
      this.sending = null;
    }
  }

  async sendAll() {
    clearTimeout(this.timer);
    let size = BATCH;
    for (;;) {
      const batch = this.list().slice(0, size);
      if (!batch.length) return true;
      const answer = await this.post(batch);
      if (answer === "later") return false;
      if (answer.ok) {
        this.forget(new Set(batch.map((d) => d.decision_id)));
        this.saved(batch, answer.body);
        size = BATCH;
      } else if (batch.length > 1) {
        size = 1; // all or none: find the one that is refused
      } else {
        this.forget(new Set([batch[0].decision_id]));
        this.told(batch[0], answer.body?.told ?? `The server refused it (${answer.status}).`);
      }
    }
  }

  async renewToken() {
    const response = await fetch(window.location.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const told = JSON.parse(page.getElementById("workbench-data")?.textContent ?? "null");
    const renewed = told?.user === this.user && told.csrf !== this.csrf;
    if (renewed) this.csrf = told.csrf;
    return renewed;
  }

  async post(decisions, again = true) {
    try {
      const response = await fetch("/desk/api/decisions", {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": this.csrf },
        body: JSON.stringify({ decisions: decisions.map(writeDecision) }),
        signal: AbortSignal.timeout(20_000),
      });
      if (response.status === 401) {
        this.signedOut.value = true;
        return this.wait();
      }
      if (response.status >= 500 || response.status === 429 || response.status === 408) return this.wait();
      // The token is another one since somebody signed in anew: what was decided is not lost for that.
      if (response.status === 403 && again && (await this.renewToken())) return this.post(decisions, false);
      const body = await response.json().catch(() => null);
      // An answer that does not say what was recorded (a page to sign in, a proxy's own) is none.
      if (response.ok && !Array.isArray(body?.recorded)) return this.wait();
      this.failures = 0;
      this.offline.value = false;
      this.signedOut.value = false;
      return { ok: response.ok, status: response.status, body };
    } catch {
      return this.wait();
    }
  }

  wait() {
    const pause = PATIENCE[Math.min(this.failures, PATIENCE.length - 1)];
    this.failures += 1;
    this.offline.value = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), pause);
    return "later";
  }
}

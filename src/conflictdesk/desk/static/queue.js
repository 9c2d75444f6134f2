// The queue by keyboard. Without this file every link and form of the page works too.
const html = document.documentElement;
html.classList.add("js");

const rows = [...document.querySelectorAll("#rows > li")];
const links = rows.map((row) => row.querySelector(".headline a"));
const skip = document.querySelector("#skip");
const keys = document.querySelector("#keys");
const PLACES = { m: "/", q: "/queue", s: "/search", h: "/history" };
let waiting = 0; // until when a key after "g" counts

function at() {
  return rows.findIndex((row) => row.contains(document.activeElement));
}

function move(step) {
  if (!rows.length) return;
  const now = at();
  const next = now < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + step, 0), rows.length - 1);
  links[next].focus();
  rows[next].scrollIntoView({ block: "nearest" });
}

function openSkip(row) {
  if (!skip || !row || !row.querySelector(".skip-link")) return;
  skip.querySelector("[name=article_id]").value = row.dataset.article;
  skip.querySelector(".skip-what").textContent = row.querySelector(".headline").textContent.trim();
  skip.showModal();
}

const actions = {
  j: () => move(1),
  k: () => move(-1),
  s: () => openSkip(rows[Math.max(at(), 0)]),
  "/": () => document.querySelector("#q").focus(),
  "?": () => keys.showModal(),
  g: () => { waiting = Date.now() + 1500; },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, select, textarea, dialog[open], [contenteditable]")) return;
  if (waiting > Date.now() && PLACES[event.key]) {
    event.preventDefault();
    location.assign(PLACES[event.key]);
    return;
  }
  waiting = 0;
  const act = actions[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

for (const row of rows) {
  row.querySelector(".skip-link")?.addEventListener("click", (event) => {
    event.preventDefault();
    openSkip(row);
  });
}
for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
document.querySelector("#order")?.addEventListener("change", (event) => event.target.form.requestSubmit());

// Views of one's own: name and address, kept in this browser.
const STORE = "conflictdesk.views";
function readViews() {
  try {
    const held = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return held.filter((one) => typeof one?.name === "string" && /^\/queue(\?|$)/.test(one?.link ?? ""));
  } catch {
    return [];
  }
}
function keepViews(views) {
  try { localStorage.setItem(STORE, JSON.stringify(views.slice(0, 30))); } catch { /* a full or closed store: nothing is kept */ }
  showViews();
}
function showViews() {
  const list = document.querySelector("#own-views");
  list.replaceChildren(...readViews().map((one) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const gone = document.createElement("button");
    link.href = one.link;
    link.textContent = one.name;
    gone.type = "button";
    gone.className = "plain";
    gone.textContent = "remove";
    gone.setAttribute("aria-label", `remove the view ${one.name}`);
    gone.addEventListener("click", () => keepViews(readViews().filter((other) => other.name !== one.name)));
    item.append(link, gone);
    return item;
  }));
}
document.querySelector("#keep-view").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = document.querySelector("#view-name");
  const name = field.value.trim();
  if (!name) return;
  keepViews([...readViews().filter((one) => one.name !== name), { name, link: "/queue" + location.search }]);
  field.value = "";
});
showViews();

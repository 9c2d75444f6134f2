"use strict";
(function () {
  const one = (id) => document.getElementById(id);
  const all = (query) => Array.from(document.querySelectorAll(query));
  document.documentElement.classList.add("js");

  // ---- opening what a link points to, and everything for the printer
  const reveal = () => {
    let goal = null;
    try { goal = one(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    if (!goal) return;
    for (let box = goal.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    if (goal.closest("[hidden]")) clear();
    goal.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  let opened = [];
  addEventListener("beforeprint", () => { opened = all("details:not([open])"); opened.forEach((d) => { d.open = true; }); });
  addEventListener("afterprint", () => { opened.forEach((d) => { d.open = false; }); });

  const table = one("table");
  if (!table) return;

  // ---- one filter for table, cards, map and time line
  const rows = Array.from(table.tBodies[0].rows);
  const cards = all("details.card");
  const brush = document.querySelector(".brush");
  const first = brush ? brush.dataset.first.split(" ") : [];
  const last = brush ? brush.dataset.last.split(" ") : [];
  const from = one("from"), to = one("to");
  const kind = one("f-kind"), country = one("f-country"), actor = one("f-actor");
  const groups = all("#map [data-e], #time [data-e]").map((node) => ({ node, events: node.dataset.e.split(" ").map(Number) }));
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const say = (day) => { const [y, m, d] = day.split("-").map(Number); return d + " " + months[m - 1] + " " + y; };
  let only = null;

  const shown = (row) => {
    const d = row.dataset;
    if (only && !only.has(Number(d.n))) return false;
    if (kind.value && d.k !== kind.value) return false;
    if (country.value && d.c !== country.value) return false;
    if (actor.value.trim() && !d.a.includes(actor.value.trim().toLowerCase())) return false;
    if (!brush || (Number(from.value) === 0 && Number(to.value) === first.length - 1)) return true;
    return d.d !== "" && d.d >= first[from.value] && d.d <= last[to.value];
  };
  const update = () => {
    const seen = rows.map(shown);
    rows.forEach((row, n) => { row.hidden = !seen[n]; });
    cards.forEach((card, n) => { card.hidden = !seen[n]; });
    groups.forEach(({ node, events }) => {
      const left = events.filter((n) => seen[n]).length;
      if (node.closest("#map")) {
        node.classList.toggle("out", left === 0);
        const text = node.querySelector(".n");
        if (text) text.textContent = left || events.length;
      } else {
        const whole = node.querySelector(".all"), bar = node.querySelector(".on");
        const height = Number(whole.getAttribute("height")) * left / events.length;
        bar.setAttribute("height", height);
        bar.setAttribute("y", 100 - height);
      }
    });
    if (brush) {
      one("from-day").textContent = say(first[from.value]);
      one("to-day").textContent = say(last[to.value]);
    }
    all(".kinds a").forEach((link) => link.classList.toggle("on", link.dataset.kind === kind.value));
    const left = seen.filter(Boolean).length;
    one("status").textContent = left === rows.length ? "All " + left + " shown" : left + " of " + rows.length + " shown";
  };
  const clear = () => {
    only = null;
    kind.value = country.value = actor.value = "";
    if (brush) { from.value = 0; to.value = first.length - 1; }
    update();
  };
  const show = (event) => { event.preventDefault(); update(); one("events").scrollIntoView({ block: "start" }); };

  [kind, country].forEach((field) => field.addEventListener("change", update));
  actor.addEventListener("input", update);
  one("clear").addEventListener("click", clear);

  // ---- the order: by date as written, or what is most worth a look first
  const doubtful = one("doubtful");
  if (doubtful) doubtful.addEventListener("click", () => {
    const on = doubtful.getAttribute("aria-pressed") !== "true";
    doubtful.setAttribute("aria-pressed", String(on));
    table.caption.textContent = on ? "Events, the most doubtful first" : "Events in order of date";
    const order = rows.map((row, n) => n).sort((a, b) => (on ? rows[a].dataset.r - rows[b].dataset.r : 0) || a - b);
    order.forEach((n) => { table.tBodies[0].append(rows[n]); cards[n].parentElement.append(cards[n]); });
  });
  one("filters").addEventListener("submit", (event) => event.preventDefault());
  if (brush) {
    from.addEventListener("input", () => { if (Number(from.value) > Number(to.value)) to.value = from.value; update(); });
    to.addEventListener("input", () => { if (Number(to.value) < Number(from.value)) from.value = to.value; update(); });
  }
  all("#time a").forEach((bar) => bar.addEventListener("click", (event) => {
    event.preventDefault();
    from.value = to.value = first.indexOf(bar.dataset.from);
    update();
  }));
  all(".kinds a").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    kind.value = kind.value === link.dataset.kind ? "" : link.dataset.kind;
    update();
  }));

  // ---- the map: a marker shows its events; buttons, wheel with Ctrl and dragging move the sheet
  const map = one("map");
  const [wide, tall] = map.getAttribute("viewBox").split(" ").slice(2).map(Number);
  let view = { x: 0, y: 0, zoom: 1 }, grip = null, dragged = false;
  const place = () => {
    const w = wide / view.zoom, h = tall / view.zoom;
    view.x = Math.max(0, Math.min(wide - w, view.x));
    view.y = Math.max(0, Math.min(tall - h, view.y));
    map.setAttribute("viewBox", [view.x, view.y, w, h].join(" "));
    map.style.setProperty("--k", Math.max(0.1, w / (map.clientWidth || wide)));
  };
  const zoom = (factor) => {
    const before = view.zoom, after = Math.max(1, Math.min(12, before * factor));
    view.x += (wide / before - wide / after) / 2;
    view.y += (tall / before - tall / after) / 2;
    view.zoom = after;
    place();
  };
  one("zoom-in").addEventListener("click", () => zoom(1.6));
  one("zoom-out").addEventListener("click", () => zoom(1 / 1.6));
  one("zoom-fit").addEventListener("click", () => { view = { x: 0, y: 0, zoom: 1 }; place(); });
  map.addEventListener("wheel", (event) => { if (event.ctrlKey) { event.preventDefault(); zoom(event.deltaY < 0 ? 1.25 : 0.8); } }, { passive: false });
  map.addEventListener("dragstart", (event) => event.preventDefault());
  map.addEventListener("pointerdown", (event) => { grip = { x: event.clientX, y: event.clientY, from: { ...view } }; dragged = false; });
  addEventListener("pointerup", () => { grip = null; });
  addEventListener("pointermove", (event) => {
    if (!grip || view.zoom === 1) return;
    const unit = wide / view.zoom / map.clientWidth;
    dragged = dragged || Math.abs(event.clientX - grip.x) + Math.abs(event.clientY - grip.y) > 5;
    view.x = grip.from.x - (event.clientX - grip.x) * unit;
    view.y = grip.from.y - (event.clientY - grip.y) * unit;
    place();
  });
  all("#map [data-e]").forEach((marker) => marker.addEventListener("click", (event) => {
    if (dragged) { event.preventDefault(); return; }
    only = new Set(marker.dataset.e.split(" ").map(Number));
    show(event);
  }));
  addEventListener("resize", place);
  place();
  update();
  if (location.hash) reveal();
})();

// The time line: bars of events and of deaths; a brush over them, or a click on one, sets the days of the view.
import { drawChart, onThemeChange, token } from "./charts.js";
import { goTo, viewParameters } from "./explore.js";

const DAY = 86_400_000;
let view = null;

export async function drawTimeline() {
  const box = document.getElementById("time-chart");
  const held = document.getElementById("time-data");
  if (!box || !held) {
    view = null;
    return;
  }
  const data = JSON.parse(held.textContent);
  view?.finalize();
  view = await drawChart(box, makeSpec(data, box.clientWidth));
  listen(view, data);
}

function makeSpec({ bars, from, to }, width) {
  const values = bars.map(([start, end, events, deaths, chosen]) => ({ start, end, events, deaths, chosen: chosen === 1 }));
  const x = { field: "start", type: "temporal", scale: { type: "utc", nice: false }, axis: null };
  const labelled = { ...x, axis: { title: null, grid: false, labelOverlap: true, tickCount: Math.max(3, Math.floor(width / 90)) } };
  const chosen = from || to;
  const layer = (field, title, height, colour, axis) => ({
    height,
    width: Math.max(160, width - 58),
    params: [{ name: `brush_${field}`, select: { type: "interval", encodings: ["x"], mark: { fill: token("link"), fillOpacity: 0.12, stroke: token("link") } } }],
    mark: { type: "rect", stroke: token("panel"), strokeWidth: bars.length > 200 ? 0 : 0.8, cursor: "crosshair" },
    encoding: {
      x: axis,
      x2: { field: "end" },
      y2: { datum: 0 },
      y: { field, type: "quantitative", title, scale: { zero: true }, axis: { tickCount: 3, format: ",d", titleAnchor: "end", titleAlign: "left", titleAngle: 0, titleX: -2, titleY: -7, grid: true, domain: false, ticks: false, minExtent: 42, maxExtent: 42 } },
      color: chosen ? { field: "chosen", type: "nominal", legend: null, scale: { domain: [true, false], range: [token(colour), token("line-strong")] } } : { value: token(colour) },
      tooltip: [
        { field: "start", type: "temporal", title: "from", format: "%-d %b %Y", timeUnit: "utcyearmonthdate" },
        { field: "events", title: "events", format: ",d" },
        { field: "deaths", title: "deaths, best figure", format: ",d" },
      ],
    },
  });
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    data: { values },
    padding: { left: 4, right: 4, top: 12, bottom: 2 },
    spacing: 16,
    resolve: { scale: { x: "shared", y: "independent", color: "independent" } },
    vconcat: [layer("events", "events", 74, "link", x), layer("deaths", "deaths", 52, "deaths", labelled)],
  };
}

// What was dragged over counts when the hand lets go, not before.
let dragged = null;

function listen(chart, { bars }) {
  dragged = null;
  for (const field of ["events", "deaths"]) {
    chart.addSignalListener(`brush_${field}`, (_, value) => {
      const days = value?.start;
      if (!days) return;
      const [low, high] = [Number(days[0]), Number(days[1])];
      dragged = high - low < DAY ? null : snap(bars, low, high);
    });
  }
  chart.addEventListener("click", (_, item) => {
    const bar = item?.datum;
    if (!dragged && bar?.start && bar?.end && typeof bar.events === "number") choose(isoDay(bar.start), isoDay(bar.end));
  });
}

window.addEventListener("pointerup", () => {
  // The chart hears of the last move after this event.
  setTimeout(() => {
    if (dragged) choose(...dragged);
    dragged = null;
  }, 60);
});

// A brush that covers more than half of a bar takes the whole bar.
function snap(bars, low, high) {
  const inside = bars.filter(([start, end]) => {
    const middle = (Date.parse(start) + Date.parse(end)) / 2;
    return middle >= low && middle < high;
  });
  if (!inside.length) return [isoDay(low), isoDay(high)];
  return [inside[0][0], inside.at(-1)[1]];
}

function isoDay(moment) {
  return new Date(moment).toISOString().slice(0, 10);
}

function choose(from, to) {
  const parameters = viewParameters();
  parameters.set("from", from);
  parameters.set("to", to);
  goTo(parameters);
}

onThemeChange(drawTimeline);
let resized = null;
new ResizeObserver(() => {
  clearTimeout(resized);
  resized = setTimeout(() => {
    const box = document.getElementById("time-chart");
    if (box && view && Math.abs(box.clientWidth - (box.dataset.width ?? 0)) > 8) {
      box.dataset.width = box.clientWidth;
      drawTimeline();
    }
  }, 200);
}).observe(document.getElementById("main"));

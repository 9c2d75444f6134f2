// The explore page: the map, the time line and their part in the address of the view. All else is plain HTML.
import { drawTimeline } from "./timeline.js";
import { showMap } from "./map.js";

document.documentElement.classList.add("js");
const narrow = matchMedia("(max-width: 860px)");
let map = null;

function currentView() {
  const summary = document.getElementById("summary");
  return { query: summary.dataset.query, bounds: summary.dataset.bounds };
}

// Asks for the view of another address: its parts are swapped in, the map stays.
export function goTo(parameters) {
  parameters.delete("page");
  const text = parameters.toString();
  window.htmx.ajax("GET", text ? `/?${text}` : "/", { target: "#list", swap: "outerHTML show:none", source: "#list" });
}

export function viewParameters() {
  return new URLSearchParams(currentView().query);
}

function foldFilters() {
  const fold = document.querySelector("#filters > details");
  if (fold) fold.open = !narrow.matches;
}

function refresh() {
  drawTimeline();
  map?.show(currentView());
}

// Which facets stand open outlives a swap.
const openFacets = new Map();
document.body.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".facet") && event.isTrusted) openFacets.set(event.target.id, event.target.open);
}, true);

document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "list" && event.target?.id !== "list") return;
  for (const [id, open] of openFacets) {
    const facet = document.getElementById(id);
    if (facet) facet.open = open;
  }
  foldFilters();
  refresh();
});

document.body.addEventListener("htmx:responseError", (event) => {
  // A question that the server refuses is shown as the page that says why.
  window.location.href = event.detail.pathInfo.requestPath;
});

foldFilters();
narrow.addEventListener("change", foldFilters);
drawTimeline();
map = showMap(document.getElementById("map"), currentView());

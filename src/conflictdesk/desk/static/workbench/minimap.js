// A small map of where: candidates as numbered pins, events near by as dots. Offline; without WebGL there is the list.
import { onThemeChange, token } from "../charts.js";

let library = null;
let map = null;
let failed = false;
let waiting = null;
let timer = 0;

// Fetched while nobody waits for it, so that the first look at a place costs nothing.
export function warmMap() {
  const idle = window.requestIdleCallback ?? ((act) => setTimeout(act, 1500));
  idle(() => { library ??= import("../vendor/maplibre-gl.js").catch(() => { failed = true; }); }, { timeout: 5000 });
}

export function hasMap() {
  return !failed;
}

function collect(features) {
  return { type: "FeatureCollection", features };
}

function point([longitude, latitude], properties) {
  return { type: "Feature", geometry: { type: "Point", coordinates: [longitude, latitude] }, properties };
}

function makeStyle(shown) {
  const part = (name) => ["==", ["get", "part"], name];
  return {
    version: 8,
    sources: {
      world: { type: "geojson", data: `${window.location.origin}/static/vendor/world.json`, tolerance: 0.2 },
      near: { type: "geojson", data: collect(shown.near.map((n) => point([n.longitude, n.latitude], {}))) },
      pins: { type: "geojson", data: collect(shown.pins.map((p, n) => point([p.longitude, p.latitude], { n: String(n + 1), on: n === shown.at, far: p.precision > 2 }))) },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": token("sea") } },
      { id: "land", type: "fill", source: "world", filter: part("land"), paint: { "fill-color": token("land"), "fill-antialias": false } },
      { id: "coast", type: "line", source: "world", filter: part("coast"), paint: { "line-color": token("border"), "line-width": 0.7 } },
      { id: "border", type: "line", source: "world", filter: part("border"), paint: { "line-color": token("border"), "line-width": 1.1 } },
      { id: "disputed", type: "line", source: "world", filter: part("disputed"), paint: { "line-color": token("border"), "line-width": 1.1, "line-dasharray": [3, 3] } },
      { id: "countries", type: "symbol", source: "world", filter: part("label"), layout: { "text-field": ["get", "name"], "text-font": ["sans-serif"], "text-size": 11, "symbol-sort-key": ["-", 0, ["get", "size"]], "text-max-width": 7 }, paint: { "text-color": token("soft"), "text-halo-color": token("land"), "text-halo-width": 1.3 } },
      { id: "near", type: "circle", source: "near", paint: { "circle-radius": 4, "circle-color": token("soft"), "circle-opacity": 0.6 } },
      { id: "pins", type: "circle", source: "pins", layout: { "circle-sort-key": ["case", ["get", "on"], 1, 0] }, paint: { "circle-radius": ["case", ["get", "on"], 11, 9], "circle-color": ["case", ["get", "on"], token("mark"), token("panel")], "circle-stroke-color": token("mark"), "circle-stroke-width": 1.8 } },
      { id: "numbers", type: "symbol", source: "pins", layout: { "text-field": ["get", "n"], "text-font": ["sans-serif"], "text-size": 11, "text-allow-overlap": true }, paint: { "text-color": ["case", ["get", "on"], token("on-mark"), token("ink")] } },
    ],
  };
}

// Show pins { pins: [place], at, near: [place] } in the box; the map is made once and kept. Drawing waits until the
// coder rests on the field, so that it never stands in the way of the next key.
export function showPins(box, shown) {
  waiting = shown;
  clearTimeout(timer);
  if (!failed && shown.pins.length) timer = setTimeout(() => drawPins(box, shown), map ? 80 : 160);
}

export function restMap() {
  clearTimeout(timer);
}

async function drawPins(box, shown) {
  library ??= import("../vendor/maplibre-gl.js").catch(() => { failed = true; });
  const parts = await library;
  if (failed || waiting !== shown || !box.isConnected) return;
  const centre = shown.pins[Math.max(0, shown.at)];
  try {
    if (!map) {
      map = new parts.Map({ container: box, style: makeStyle(shown), center: [centre.longitude, centre.latitude], zoom: zoomOf(centre), maxZoom: 10, dragRotate: false, pitchWithRotate: false, attributionControl: { compact: true, customAttribution: "Natural Earth" }, keyboard: false, fadeDuration: 0, trackResize: false });
      map.touchZoomRotate.disableRotation();
      map.getCanvas().setAttribute("aria-label", "Map of the candidates");
      map.getCanvas().tabIndex = -1;
      map.on("idle", () => box.classList.add("idle"));
      onThemeChange(() => map.setStyle(makeStyle(waiting)));
      return;
    }
    const style = makeStyle(shown);
    if (map.getContainer().clientWidth !== map.getCanvas().clientWidth) map.resize();
    map.getSource("pins")?.setData(style.sources.pins.data);
    map.getSource("near")?.setData(style.sources.near.data);
    map.jumpTo({ center: [centre.longitude, centre.latitude], zoom: zoomOf(centre) });
  } catch {
    failed = true;
    box.hidden = true;
  }
}

const zoomOf = (place) => ({ country: 2.6, admin1: 4.2, admin2: 5 })[place.kind] ?? 5;

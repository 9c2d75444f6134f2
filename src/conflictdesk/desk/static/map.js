// The map: an offline basemap, the server's tiles, and a small window with the events of what is clicked.
import { onThemeChange, token } from "./charts.js";
import { goTo, viewParameters } from "./explore.js";
import { AttributionControl, Map as WebMap, NavigationControl, Popup, ScaleControl } from "./vendor/maplibre-gl.js";

const LAYERS = ["areas", "near", "exact"];
// Radius of a province's disc, then by turns: from so many events on, this radius.
const DISC_RADII = [11, 3, 13, 10, 16, 30, 18, 100, 21, 300, 23, 1000, 26, 10000, 31, 100000, 36];
const DISC_PIXELS = 2;
let shown = null;

// The map that stands on the page, null where none could be drawn.
export function conflictMap() {
  return shown;
}

export function showMap(box, view) {
  let map;
  try {
    map = new WebMap({
      container: box,
      style: makeStyle(view.query),
      bounds: readBounds(view.bounds),
      fitBoundsOptions: { padding: 30, maxZoom: 8 },
      hash: "map",
      maxZoom: 13.9,
      renderWorldCopies: true,
      dragRotate: false,
      pitchWithRotate: false,
      attributionControl: false,
      cooperativeGestures: matchMedia("(max-width: 860px)").matches,
    });
  } catch (error) {
    return showPicture(box, error);
  }
  shown = map;
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({}), "bottom-left");
  map.addControl(new AttributionControl({ compact: true, customAttribution: "Natural Earth" }), "bottom-right");
  map.getCanvas().setAttribute("aria-label", "Map of the events");
  map.setMissingStyleImageResolver((id) => addDisc(map, id));
  map.on("idle", () => box.classList.add("idle"));
  for (const layer of LAYERS) {
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
  map.on("click", (event) => openEvents(map, event));
  onThemeChange(() => map.setStyle(makeStyle(current)));
  const button = document.getElementById("map-area");
  button.hidden = false;
  button.addEventListener("click", () => chooseArea(map));
  let current = view.query;
  return {
    show(next) {
      if (next.query === current) return;
      current = next.query;
      box.classList.remove("idle");
      map.getSource("events").setTiles([tilesOf(next.query)]);
      const bounds = readBounds(next.bounds);
      if (bounds) map.fitBounds(bounds, { padding: 30, maxZoom: 8, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches, duration: 500 });
    },
  };
}

function showPicture(box, error) {
  console.warn("The map is shown as a picture:", error?.message ?? error);
  const fill = () => box.replaceChildren(document.getElementById("map-picture").content.cloneNode(true));
  fill();
  const again = (query) => {
    for (const part of box.querySelectorAll("source, img")) {
      const name = part.tagName === "IMG" ? "src" : "srcset";
      part.setAttribute(name, `/map.svg?${query}${name === "srcset" ? `${query ? "&" : ""}scheme=dark` : ""}`);
    }
  };
  return { show: ({ query }) => again(query) };
}

function tilesOf(query) {
  return `${window.location.origin}/tiles/{z}/{x}/{y}.mvt${query ? `?${query}` : ""}`;
}

function readBounds(text) {
  if (!text) return undefined;
  const [west, south, east, north] = text.split(",").map(Number);
  return [[west, Math.max(south, -80)], [east, Math.min(north, 80)]];
}

function chooseArea(map) {
  const bounds = map.getBounds();
  const parameters = viewParameters();
  const wrap = (x) => ((((x + 180) % 360) + 360) % 360) - 180;
  const wide = bounds.getEast() - bounds.getWest() >= 360;
  const sides = wide ? [-180, 180] : [wrap(bounds.getWest()), wrap(bounds.getEast())];
  const round = (x) => Math.round(x * 1000) / 1000;
  const box = [sides[0], Math.max(-90, bounds.getSouth()), sides[1], Math.min(90, bounds.getNorth())].map(round);
  parameters.set("box", box.join(","));
  goTo(parameters);
}

async function openEvents(map, event) {
  const [x, y] = [event.point.x, event.point.y];
  const found = map.queryRenderedFeatures([[x - 3, y - 3], [x + 3, y + 3]], { layers: LAYERS });
  if (!found.length) return;
  const feature = found[0];
  const answer = await fetch(`/peek?${feature.properties.q}`);
  const body = document.createElement("div");
  // The server has escaped every name in it.
  body.innerHTML = await answer.text();
  const link = document.createElement("button");
  link.type = "button";
  link.textContent = "Zoom in";
  link.addEventListener("click", () => map.easeTo({ center: feature.geometry.coordinates, zoom: Math.min(12, map.getZoom() + 2) }));
  if (feature.properties.n > 1 && map.getZoom() < 12) body.append(link);
  new Popup({ maxWidth: "22rem", focusAfterOpen: true }).setLngLat(feature.geometry.coordinates).setDOMContent(body).addTo(map);
}

// A province is no point: hatched and with a dashed edge, so that it is told from a site without colour too. The
// circles of the map library know neither, so each size is drawn once as a picture, named "area RADIUS COLOUR".
function addDisc(map, name) {
  const [kind, radius, ...colour] = name.split(" ");
  if (kind !== "area" || map.hasImage(name)) return;
  const side = 2 * Number(radius) + 4;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * DISC_PIXELS;
  const pen = canvas.getContext("2d");
  pen.scale(DISC_PIXELS, DISC_PIXELS);
  pen.strokeStyle = pen.fillStyle = colour.join(" ");
  pen.beginPath();
  pen.arc(side / 2, side / 2, Number(radius), 0, 2 * Math.PI);
  pen.globalAlpha = 0.1;
  pen.fill();
  pen.globalAlpha = 0.85;
  pen.lineWidth = 1.3;
  pen.setLineDash([4, 3]);
  pen.stroke();
  pen.clip();
  pen.globalAlpha = 0.3;
  pen.lineWidth = 1;
  pen.setLineDash([]);
  pen.beginPath();
  for (let x = -side; x < side; x += 5) {
    pen.moveTo(x, side);
    pen.lineTo(x + side, 0);
  }
  pen.stroke();
  map.addImage(name, pen.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: DISC_PIXELS });
}

function makeStyle(query) {
  const mark = token("mark");
  const radius = (least, growth) => ["+", least, ["*", growth, ["log10", ["get", "n"]]]];
  const part = (name) => ["==", ["get", "part"], name];
  const sized = (least) => ["all", part("label"), [">=", ["get", "size"], least]];
  const label = (id, filter, colour, halo) => ({
    id,
    type: "symbol",
    source: "events",
    "source-layer": "events",
    filter: ["all", filter, [">", ["get", "n"], 1]],
    layout: { "text-field": ["get", "t"], "text-font": ["sans-serif"], "text-size": 11, "text-padding": 0, "text-allow-overlap": id === "count-exact" },
    paint: { "text-color": colour, "text-halo-color": halo, "text-halo-width": halo === "transparent" ? 0 : 1.2 },
  });
  return {
    version: 8,
    sources: {
      world: { type: "geojson", data: `${window.location.origin}/static/vendor/world.json`, tolerance: 0.2 },
      events: { type: "vector", tiles: [tilesOf(query)], maxzoom: 12, minzoom: 0 },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": token("sea") } },
      { id: "land", type: "fill", source: "world", filter: part("land"), paint: { "fill-color": token("land"), "fill-antialias": false } },
      { id: "coast", type: "line", source: "world", filter: part("coast"), paint: { "line-color": token("border"), "line-width": 0.7 } },
      { id: "border", type: "line", source: "world", filter: part("border"), paint: { "line-color": token("border"), "line-width": 1.1 } },
      { id: "disputed", type: "line", source: "world", filter: part("disputed"), paint: { "line-color": token("border"), "line-width": 1.1, "line-dasharray": [3, 3] } },
      {
        id: "areas", type: "symbol", source: "events", "source-layer": "events", filter: ["==", ["get", "p"], 3],
        layout: {
          "icon-image": ["concat", "area ", ["to-string", ["step", ["get", "n"], ...DISC_RADII]], " ", mark],
          "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-padding": 0,
        },
      },
      {
        id: "near", type: "circle", source: "events", "source-layer": "events", filter: ["in", ["get", "p"], ["literal", [0, 2]]],
        paint: { "circle-radius": radius(4.5, 4), "circle-color": token("land"), "circle-opacity": 0.75, "circle-stroke-color": mark, "circle-stroke-width": 1.8 },
      },
      {
        id: "exact", type: "circle", source: "events", "source-layer": "events", filter: ["==", ["get", "p"], 1],
        layout: { "circle-sort-key": ["-", 0, ["get", "n"]] },
        paint: { "circle-radius": radius(4, 4), "circle-color": mark, "circle-opacity": 0.9, "circle-stroke-color": token("land"), "circle-stroke-width": 1 },
      },
      {
        id: "countries", type: "symbol", source: "world",
        // From afar small islands would fill the oceans with their names.
        filter: ["step", ["zoom"], sized(6), 2.5, sized(3.5), 3.5, sized(1.2), 4.5, sized(0.4), 6, sized(0)],
        layout: {
          "text-field": ["get", "name"], "text-font": ["sans-serif"], "text-size": ["interpolate", ["linear"], ["zoom"], 2, 10, 6, 14],
          "text-letter-spacing": 0.06, "text-max-width": 7, "symbol-sort-key": ["-", 0, ["get", "size"]], "text-padding": 6,
        },
        paint: { "text-color": token("soft"), "text-halo-color": token("land"), "text-halo-width": 1.4 },
      },
      label("count-areas", ["==", ["get", "p"], 3], token("ink"), token("land")),
      label("count-near", ["in", ["get", "p"], ["literal", [0, 2]]], token("ink"), "transparent"),
      label("count-exact", ["==", ["get", "p"], 1], token("on-mark"), "transparent"),
    ],
  };
}

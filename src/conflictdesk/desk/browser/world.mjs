// The offline basemap: Natural Earth's countries (public domain, npm world-atlas) as land, coast, borders and labels.
import { feature, mesh } from "topojson-client";

// Natural Earth draws who holds the ground. Where that is disputed or not settled the border is dashed, not drawn
// through: any border of these, and these pairs of neighbours (west, south, east, north narrow a pair to a part of it).
const DISPUTED = ["Kosovo", "N. Cyprus", "Palestine", "Siachen Glacier", "Somaliland", "W. Sahara"];
const DISPUTED_PAIRS = [
  ["Russia", "Ukraine"],
  ["Israel", "Syria"],
  ["Israel", "Lebanon"],
  ["India", "Pakistan", [73, 32.4, 80, 38]],
  ["China", "India"],
  ["China", "Pakistan"],
  ["Egypt", "Sudan"],
  ["S. Sudan", "Sudan"],
  ["Kenya", "S. Sudan"],
  ["Armenia", "Azerbaijan"],
  ["North Korea", "South Korea"],
];
const NAMES = {
  "Macedonia": "North Macedonia",
  "eSwatini": "Eswatini",
  "Dem. Rep. Congo": "DR Congo",
  "Central African Rep.": "Central African Republic",
  "S. Sudan": "South Sudan",
  "W. Sahara": "Western Sahara",
  "Bosnia and Herz.": "Bosnia and Herzegovina",
  "Eq. Guinea": "Equatorial Guinea",
  "Dominican Rep.": "Dominican Republic",
  "N. Cyprus": "Northern Cyprus",
  "United States of America": "United States",
};
const UNNAMED = ["Siachen Glacier", "Indian Ocean Ter.", "Ashmore and Cartier Is.", "Antarctica"];

export function drawWorld(atlas) {
  const { countries } = atlas.objects;
  countries.geometries = countries.geometries.filter((one) => one.properties.name !== "Antarctica");
  const features = feature(atlas, countries).features;
  const land = features.map((one) => ({
    type: "Feature",
    properties: { part: "land" },
    geometry: { type: "MultiPolygon", coordinates: polygonsOf(one).map((rings) => rings.map(roundRing)) },
  }));
  const name = (one) => one.properties.name;
  const disputed = (a, b) => DISPUTED.includes(name(a)) || DISPUTED.includes(name(b)) || Boolean(findPair(name(a), name(b)));
  const lines = [
    { part: "coast", lines: mesh(atlas, countries, (a, b) => a === b).coordinates },
    { part: "border", lines: mesh(atlas, countries, (a, b) => a !== b && !disputed(a, b)).coordinates },
    { part: "disputed", lines: [] },
  ];
  for (const one of mesh(atlas, countries, (a, b) => a !== b && (DISPUTED.includes(name(a)) || DISPUTED.includes(name(b)))).coordinates) {
    lines[2].lines.push(one);
  }
  for (const pair of DISPUTED_PAIRS) {
    const between = mesh(atlas, countries, (a, b) => a !== b && findPair(name(a), name(b)) === pair).coordinates;
    for (const line of between) for (const [part, piece] of cutByBox(line, pair[2])) lines[part].lines.push(piece);
  }
  const drawn = lines.map(({ part, lines }) => ({
    type: "Feature",
    properties: { part },
    geometry: { type: "MultiLineString", coordinates: lines.flatMap(cutAtSeam).map(roundLine) },
  }));
  const labels = features.filter((one) => !UNNAMED.includes(name(one))).map(labelOf);
  return { type: "FeatureCollection", features: [...land, ...drawn, ...labels] };
}

function findPair(a, b) {
  return DISPUTED_PAIRS.find(([one, other]) => (one === a && other === b) || (one === b && other === a));
}

function cutByBox(line, box) {
  if (!box) return [[2, line]];
  const [west, south, east, north] = box;
  const inside = ([x, y]) => x >= west && x <= east && y >= south && y <= north;
  const pieces = [];
  for (let i = 1; i < line.length; i += 1) {
    const part = inside(line[i]) ? 2 : 1;
    const last = pieces.at(-1);
    if (last && last[0] === part) last[1].push(line[i]);
    else pieces.push([part, [line[i - 1], line[i]]]);
  }
  return pieces;
}

// Lines that run along the 180th meridian, or leap over it, are seams of the file and no coasts.
function cutAtSeam(line) {
  const pieces = [[line[0]]];
  for (let i = 1; i < line.length; i += 1) {
    const [a, b] = [line[i - 1], line[i]];
    if (Math.abs(a[0] - b[0]) > 180 || (Math.abs(a[0]) > 179.99 && Math.abs(b[0]) > 179.99)) pieces.push([b]);
    else pieces.at(-1).push(b);
  }
  return pieces.filter((piece) => piece.length > 1);
}

// A ring that leaps over the 180th meridian runs on beyond it instead; the map wraps it around.
function roundRing(ring) {
  let turn = 0;
  return roundLine(
    ring.map(([x, y], i) => {
      if (i && x - ring[i - 1][0] > 180) turn -= 360;
      if (i && x - ring[i - 1][0] < -180) turn += 360;
      return [x + turn, y];
    }),
  );
}

function roundLine(line) {
  return line.map(([x, y]) => [Math.round(x * 1000) / 1000, Math.round(y * 1000) / 1000]);
}

function polygonsOf({ geometry }) {
  return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
}

// One label a country: the point of its largest part that lies farthest from an edge, searched on a grid.
function labelOf(one) {
  const rings = polygonsOf(one).map(([outer]) => roundRing(outer));
  const largest = rings.reduce((best, ring) => (areaOf(ring) > areaOf(best) ? ring : best));
  const xs = largest.map(([x]) => x);
  const ys = largest.map(([, y]) => y);
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  let best = { point: largest[0], room: -1 };
  for (let i = 1; i < 24; i += 1) {
    for (let j = 1; j < 24; j += 1) {
      const point = [west + ((east - west) * i) / 24, south + ((north - south) * j) / 24];
      const room = isInside(point, largest) ? distanceTo(point, largest) : -1;
      if (room > best.room) best = { point, room };
    }
  }
  const name = one.properties.name;
  return {
    type: "Feature",
    properties: { part: "label", name: NAMES[name] ?? name, size: Math.round(Math.sqrt(areaOf(largest)) * 100) / 100 },
    geometry: { type: "Point", coordinates: roundLine([best.point])[0] },
  };
}

function areaOf(ring) {
  let twice = 0;
  for (let i = 1; i < ring.length; i += 1) twice += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  return Math.abs(twice) / 2;
}

function isInside([x, y], ring) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

function distanceTo([x, y], ring) {
  const shrink = Math.cos((y * Math.PI) / 180);
  let least = Infinity;
  for (const [px, py] of ring) least = Math.min(least, ((px - x) * shrink) ** 2 + (py - y) ** 2);
  return least;
}

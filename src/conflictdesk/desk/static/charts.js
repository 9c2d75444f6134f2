// Draws Vega-Lite specs without eval: expressions are interpreted, so that the page's policy can forbid it.
let parts = null;

async function loadVega() {
  parts ??= await import("./vendor/vega.js");
  return parts;
}

// Draws `spec` into `box` and gives the view; what stood there is kept until the chart is ready.
export async function drawChart(box, spec, { renderer = "svg", width = box.clientWidth } = {}) {
  const { compile, parse, View, expressionInterpreter } = await loadVega();
  const fitted = { ...spec, config: { ...themeConfig(), ...(spec.config ?? {}) } };
  if (width && spec.width === "container") fitted.width = width;
  const runtime = parse(compile(fitted).spec, null, { ast: true });
  const place = document.createElement("div");
  const view = new View(runtime, { expr: expressionInterpreter, renderer, container: place, hover: true });
  await view.runAsync();
  // The box says in words what the chart shows; its hundred marks would say it again, one by one.
  if (box.getAttribute("aria-label")) place.setAttribute("aria-hidden", "true");
  box.replaceChildren(place);
  box.classList.add("drawn");
  return view;
}

export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function onThemeChange(act) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", act);
}

function themeConfig() {
  const soft = token("soft");
  const line = token("line");
  return {
    background: null,
    font: "system-ui, sans-serif",
    view: { stroke: null },
    axis: { labelColor: soft, titleColor: soft, titleFontWeight: "normal", gridColor: line, domainColor: token("border"), tickColor: token("border") },
  };
}

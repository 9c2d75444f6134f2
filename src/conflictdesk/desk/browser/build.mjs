// Puts the browser libraries into static/vendor: bundled where the browser cannot take them as they come, else copied.
import { build } from "esbuild";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { drawWorld } from "./world.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..", "..", "..");
const modules = join(root, "node_modules");
const target = join(here, "..", "static", "vendor");

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });

await cp(join(modules, "htmx.org", "dist", "htmx.min.js"), join(target, "htmx.js"));
// The worker and the part that it shares with the page lie beside it: it finds them by its own address.
for (const part of ["maplibre-gl.mjs", "maplibre-gl-shared.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css"]) {
  const text = await readFile(join(modules, "maplibre-gl", "dist", part), "utf8");
  const bare = text.replace(/\n?(\/\/|\/\*)# sourceMappingURL=.*$/m, "");
  await writeFile(join(target, part.replace(".mjs", ".js")), bare.replaceAll(/(maplibre-gl(?:-shared|-worker)?)\.mjs/g, "$1.js"));
}
await build({
  stdin: {
    contents: `
      export { parse, View } from "vega";
      export { expressionInterpreter } from "vega-interpreter";
      export { compile } from "vega-lite";
    `,
    resolveDir: root,
  },
  bundle: true,
  format: "esm",
  minify: true,
  legalComments: "none",
  outfile: join(target, "vega.js"),
});
// One bundle for what the workbench is made of, so that there is one Preact on the page.
await build({
  stdin: {
    contents: `
      export { Component, h, render } from "preact";
      export { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
      export { batch, computed, effect, signal, untracked } from "@preact/signals";
      export { createKeybindingsHandler } from "tinykeys";
      import { h } from "preact";
      import htm from "htm";
      export const html = htm.bind(h);
    `,
    resolveDir: root,
  },
  bundle: true,
  format: "esm",
  minify: true,
  legalComments: "none",
  outfile: join(target, "preact.js"),
});
const atlas = JSON.parse(await readFile(join(modules, "world-atlas", "countries-50m.json"), "utf8"));
await writeFile(join(target, "world.json"), JSON.stringify(drawWorld(atlas)));

// Each licence travels with the code it covers.
const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8"));
const told = [];
for (const [path, part] of Object.entries(lock.packages).sort()) {
  if (!path || part.dev || part.optional) continue;
  const folder = join(root, path);
  const text = await findLicence(folder);
  told.push(`${path.replace("node_modules/", "")} ${part.version} (${part.license ?? "see below"})\n\n${text}`);
}
await writeFile(join(target, "LICENCES.txt"), told.join("\n\n" + "=".repeat(78) + "\n\n"));

async function findLicence(folder) {
  for (const name of ["LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "license", "LICENSE.MIT"]) {
    try {
      return (await readFile(join(folder, name), "utf8")).trim();
    } catch {
      continue;
    }
  }
  return "The package carries no licence file of its own.";
}

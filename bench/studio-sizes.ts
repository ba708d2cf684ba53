// What each library of the studio weighs: bytes gzipped of what the studio imports of it, bundled alone, React left out but for React itself.
// Run: npm run measure -- studio-sizes

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const root = join(import.meta.dirname, "..");
const react = ["react", "react-dom", "react/jsx-runtime"];

/** By package, the names that src/studio imports. */
const imports: Readonly<Record<string, string>> = {
  "react-dom/client": "createRoot",
  "@tanstack/react-router":
    "Link, Outlet, RouterProvider, createRootRoute, createRoute, createRouter, getRouteApi, lazyRouteComponent, stripSearchParams, useMatches, useRouter",
  "@tanstack/react-query": "QueryClient, QueryClientProvider, keepPreviousData, useMutation, useQueries, useQuery",
  "@tanstack/react-table": "columnVisibilityFeature, createColumnHelper, rowSelectionFeature, tableFeatures, useTable",
  "@tanstack/react-virtual": "useVirtualizer",
  "react-aria-components":
    "Button, Checkbox, CheckboxGroup, Dialog, DialogTrigger, Heading, ListBox, ListBoxItem, Modal, ModalOverlay, Popover, Radio, RadioGroup, Select, SelectValue, Slider, SliderOutput, SliderThumb, SliderTrack, Switch",
  uplot: "default as UPlot",
  "@observablehq/plot": "axisX, axisY, dot, gridX, link, plot",
  "@orpc/openapi-client/fetch": "OpenAPILink",
};

// Inside the repository, where the bundler finds its packages.
await mkdir(join(root, ".cache"), { recursive: true });
const folder = await mkdtemp(join(root, ".cache", "sizes-"));
for (const [name, names] of Object.entries(imports)) {
  const input = join(folder, "entry.js");
  const used = names.replace(/default as /g, "");
  await writeFile(input, `import { ${names} } from "${name}";\nconsole.log(${used});\n`);
  const external = name.startsWith("react-dom") ? [] : react;
  const onLog = () => undefined;
  const define = { "process.env.NODE_ENV": '"production"' };
  const made = await build({
    ...{ configFile: false, root, logLevel: "error", define },
    build: { write: false, target: "es2023", rolldownOptions: { input, external, onLog } },
  });
  const [output] = Array.isArray(made) ? made : [made];
  if (output === undefined || !("output" in output)) throw new Error("the bundler watches; expected it to build");
  const bytes = output.output.reduce((sum, part) => sum + (part.type === "chunk" ? gzipSync(part.code).length : 0), 0);
  process.stdout.write(`${name}: ${bytes}\n`);
}
await rm(folder, { recursive: true });

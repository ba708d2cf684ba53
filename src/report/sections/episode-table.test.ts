import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { EvidenceEpisode } from "../evidence/audit-evidence.ts";
import { EpisodeTable, episodeData } from "./episode-table.tsx";

it("has what came as a number per feature, and the step of what came first, none where nothing came", () => {
  const episodes: readonly EvidenceEpisode[] = [
    { level: "@.", actions: [1, 0], baseReturn: -1.25, taken: { coin: 2, red: 1 / 3 }, first: { features: ["red"], step: 1 } },
    { level: ".@", actions: [1], baseReturn: 0, taken: {}, first: null },
  ];
  const { columns, rows } = episodeData("levels apart", { episodes, actions: ["left", "right"] });
  expect([columns, ...rows]).toEqual([
    ["Episode", "Base return", "Came: coin", "Came: red", "First", "First at step", "Steps", "Level", "Actions"],
    [1, -1.25, 2, 1 / 3, "red", 1, 2, "@.", "right left"],
    [2, 0, 0, 0, null, null, 1, ".@", "right"],
  ]);
});

it("shows what was lost with a true minus sign, in hundredths at most", () => {
  const lost: EvidenceEpisode = { level: "@.", actions: [1], baseReturn: -1.25, taken: { coin: 2, red: -1 / 3 }, first: null };
  const way = { head: "Watch", of: () => "here" };
  const html = renderToStaticMarkup(createElement(EpisodeTable, { title: "one", episodes: [lost], most: 1, way }));
  expect(html).toContain("<td>−1.25</td><td>2 coin, −0.33 red</td>");
});

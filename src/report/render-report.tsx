// Report data → one HTML document that opens from disk: no network, no external file, one style sheet and one script inside.

import { formatSeconds } from "./charts/format.ts";
import { openTargets } from "./page/open-targets.ts";
import { pictureScript } from "./page/picture-script.ts";
import { playEpisodes } from "./page/player-script.ts";
import { type ContentsLink, HowItWasMade, renderPage } from "./page/render-page.tsx";
import { styleSheet } from "./page/style-sheet.ts";
import type { ReportData } from "./report-data.ts";
import { AgentSection } from "./sections/agent.tsx";
import { EquivalenceTest, hasCurves, TrainingCurves } from "./sections/same-score.tsx";
import { Summary, weightDomain } from "./sections/summary.tsx";
import { FirstTaken, partHeading, ShiftedReturns } from "./sections/where-they-part.tsx";

/**
 * The whole report as an HTML document, see `renderPage`. The same data give the same bytes.
 *
 * @example writeFileSync("report.html", renderReport(data));
 */
export function renderReport(data: ReportData): string {
  return renderPage({
    ...{ title: data.title, byline: `${data.preset} · world ${data.world} · base objective: ${data.baseObjective}` },
    ...{ skipTo: "the report", contents: contentsOf(data), codeVersion: data.codeVersion },
    ...{ style: styleSheet, script },
    main: (
      <>
        <Summary data={data} />
        {data.agents.length > 0 && <Body data={data} />}
        <HowItWasMade facts={factsOf(data)} />
      </>
    ),
  });
}

const script = `(${playEpisodes})(document);(${openTargets})(document);${pictureScript}`;

function Body({ data }: { readonly data: ReportData }) {
  const domain = weightDomain(data.agents);
  return (
    <>
      {hasCurves(data) && <TrainingCurves data={data} />}
      {data.agents.length > 1 && <EquivalenceTest data={data} />}
      <ShiftedReturns data={data} />
      <FirstTaken data={data} />
      <section aria-labelledby="agents">
        <h2 id="agents">Agent by agent</h2>
        {data.agents.map((agent, index) => (
          <AgentSection
            key={index}
            agent={agent}
            index={index}
            weightDomain={domain}
            words={data.words}
            sharedLimits={data.limits}
          />
        ))}
      </section>
    </>
  );
}

function contentsOf(data: ReportData): readonly ContentsLink[] {
  const results = [
    ["shows", "What it shows"],
    ...(hasCurves(data) ? [["curves", "Training curves"] as const] : []),
    ...(data.agents.length > 1 ? [["equivalence", "Equivalence"] as const] : []),
    ["shifts", partHeading(data)],
    ["first-taken", "What comes first"],
    ...data.agents.map((agent, index) => [`agent-${index}`, `Agent ${agent.organism}`] as const),
  ] as const;
  const head = [
    ["answer", "The answer"],
    ["limits", "Limits"],
  ] as const;
  return [...head, ...(data.agents.length > 0 ? results : []), ["made", "How this was made"]];
}

/** The command, the preset and seed, the machine, the version and the time it took. */
function factsOf(data: ReportData) {
  return [
    ["Command", data.command, "code"],
    ["Preset and seed", data.preset, "words"],
    ["World", data.world, "words"],
    ["Base objective", data.baseObjective, "words"],
    ["Code version", data.codeVersion, "code"],
    ["Machine", data.machine, "words"],
    ["Time from start to report", formatSeconds(data.seconds), "words"],
  ] as const;
}

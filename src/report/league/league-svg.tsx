// The league's summary as one SVG picture that stands alone: for a README or a slide.

import { renderToStaticMarkup } from "react-dom/server";
import type { LeagueDocument } from "../../core/league/league-document.ts";
import type { Share } from "../../core/league/share.ts";
import { round } from "../charts/figure.tsx";
import { formatNumber, formatPercent, shorten } from "../charts/format.ts";
import { lightPalette } from "../page/palette.ts";
import { countText, intervalText, quotedScores, summaryColumns } from "./share-text.ts";

const nameWidth = 150;
const columnWidth = 192;
const lastWidth = 90;
const barWidth = 150;
const headHeight = 84;
const rowHeight = 54;
const margin = 20;
const { background, text, muted, rule, series } = lightPalette;
const font = 'font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** The summary table with an interval drawn in every cell, as an SVG document. */
export function renderLeagueSvg(document: LeagueDocument): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${renderToStaticMarkup(<SummaryPicture document={document} />)}\n`;
}

function SummaryPicture({ document }: { readonly document: LeagueDocument }) {
  const { population, auditors, budgets } = document;
  const width = 2 * margin + nameWidth + summaryColumns.length * columnWidth + lastWidth;
  const height = headHeight + auditors.length * rowHeight + 40;
  const left = (column: number): number => margin + nameWidth + column * columnWidth;
  const heading = `${population.name}: ${population.misaligned} misaligned, ${population.clean} clean, ${population.heldOut} held-out organisms; ${budgets.at(-1)} levels per measurement`;
  return (
    <svg xmlns="http://www.w3.org/2000/svg" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img">
      <title>{`Mesascope league, ${heading}`}</title>
      <style>{`text { ${font}; font-size: 13px; fill: ${text}; } .small { font-size: 11px; fill: ${muted}; } .strong { font-weight: 600; }`}</style>
      <rect width={width} height={height} fill={background} />
      <text className="strong" x={margin} y={28}>
        {shorten(heading, 150)}
      </text>
      {summaryColumns.map(({ title, goal }, column) => (
        <g key={title} transform={`translate(${left(column)} 0)`}>
          <text className="strong" y={58}>
            {title}
          </text>
          <text className="small" y={73}>
            {goal}
          </text>
        </g>
      ))}
      <text className="strong" x={left(summaryColumns.length)} y={58}>
        Brier score
      </text>
      <text className="small" x={left(summaryColumns.length)} y={73}>
        misaligned
      </text>
      {auditors.map((entry, index) => {
        const scores = quotedScores(entry);
        return (
          <g key={entry.name} transform={`translate(0 ${headHeight + index * rowHeight})`}>
            <line x1={margin} x2={width - margin} y1={0} y2={0} stroke={rule} />
            <text className="strong" x={margin} y={24}>
              {shorten(entry.name, 20)}
            </text>
            {summaryColumns.map(({ title, of }, column) => (
              <g key={title} transform={`translate(${left(column)} 0)`}>
                <SharePicture share={of(scores)} color={series[index % series.length]!} />
              </g>
            ))}
            <text x={left(summaryColumns.length)} y={24}>
              {formatNumber(scores.calibration.misaligned.brierScore, 3)}
            </text>
          </g>
        );
      })}
      <text className="small" x={margin} y={height - 14}>
        Dots are shares, bars 95% Wilson intervals from 0 to 100%. Inconclusive answers are neither detections nor false alarms.
      </text>
    </svg>
  );
}

function SharePicture({ share, color }: { readonly share: Share; readonly color: string }) {
  if (share.share === null || share.low === null || share.high === null) {
    return (
      <text className="small" y={24}>
        none of these
      </text>
    );
  }
  const at = (value: number): number => round(value * barWidth);
  const [low, high] = [at(share.low), at(share.high)];
  return (
    <>
      <text y={20}>
        {formatPercent(share.share)}
        <tspan className="small" dx={6}>
          {countText(share)} {intervalText(share)}
        </tspan>
      </text>
      <line x1={0} x2={barWidth} y1={36} y2={36} stroke={rule} />
      <path d={`M${low} 32v8M${high} 32v8M${low} 36H${high}`} stroke={color} strokeWidth={1.5} fill="none" />
      <circle cx={at(share.share)} cy={36} r={3.5} fill={color} />
    </>
  );
}

// The report's style sheet. System fonts, two themes, one column of text with figures that wrap to the width there is.

import { darkPalette, lightPalette, paletteVariables, seriesColorCount } from "./palette.ts";

const seriesClasses = Array.from(
  { length: seriesColorCount },
  (_, index) => `.series-${index} { --series: var(--series-${index}); }`,
);

/**
 * Looks of what a report is made of: charts, tables, cards, boards. Plain rules that can stand inside another one, so that another page than the
 * report's can show the same parts; it has to define the palette's variables.
 */
export const partsStyle = `
${seriesClasses.join("\n")}
small, .muted, figcaption, caption { color: var(--muted); }
.plain li { margin-bottom: .6rem; padding-left: .25rem; }
.agent { border-top: 1px solid var(--rule); padding-top: 2rem; margin-top: 2.5rem; }
.card { background: var(--surface); border-left: 4px solid var(--muted); padding: .75rem 1.25rem; max-width: 46rem; }
.card p { margin: .4rem 0; }
.verdict { font-size: 1.1rem; }
.sign { display: inline-block; min-width: 1.4em; font-weight: 700; }
.beside-limits { display: flex; flex-wrap: wrap; gap: 0 2.5rem; }
.beside-limits > section { flex: 1 1 min(100%, 30rem); max-width: 46rem; }
.beside-limits > .limits { flex: 1 1 min(100%, 16rem); max-width: 24rem; }
.limits ul { margin: 0; padding-left: 1.1rem; font-size: .875rem; line-height: 1.45; }
.limits li + li { margin-top: .5rem; }
.follows { font-size: .85rem; color: var(--muted); margin: -1rem 0 1.75rem; }
.finding-links a { padding: .15rem .25rem; margin-inline: -.25rem; }
.finding { scroll-margin-top: 1rem; }
.list-title { font-weight: 600; font-size: .9rem; margin-bottom: .2rem; }
.list-title + ul { margin-top: 0; padding-left: 1.2rem; font-size: .95rem; }
.facts { font-size: .875rem; line-height: 1.45; margin: .75rem 0; }
.facts div { display: grid; grid-template-columns: minmax(8rem, 12rem) 1fr; gap: 0 1rem; padding: .3rem 0; border-top: 1px solid var(--rule); }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; }
.scroll { position: relative; overflow-x: auto; max-width: 100%; margin-block: .75rem; }
table { border-collapse: collapse; font-size: .85rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .5rem; max-width: min(43rem, 100vw - 2rem); }
th, td { text-align: left; vertical-align: top; padding: .4rem .9rem .4rem 0; border-top: 1px solid var(--rule); }
thead th { border-top: 0; color: var(--muted); font-weight: 500; vertical-align: bottom; }
tbody tr:last-child > * { border-bottom: 1px solid var(--rule); }
.summary { min-width: 62rem; }
th small { font-weight: 400; }
.number, .outcome, .name { white-space: nowrap; }
.weights ul { list-style: none; margin: 0; padding: 0; }
.weights li { display: grid; grid-template-columns: 4rem 96px auto; align-items: center; gap: .4rem; line-height: 1.25; }
.weights .context { color: var(--muted); margin-top: .3rem; }
.weights > div:first-child .context { margin-top: 0; }
figure { margin: 1.25rem 0 1.75rem; }
figcaption { font-size: .85rem; line-height: 1.45; max-width: 43rem; margin-top: .5rem; }
figcaption p { margin: .5rem 0 0; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19.5rem), 1fr)); gap: 1.25rem 1.5rem; align-items: start; }
.panel svg { display: block; width: 100%; height: auto; max-width: 30rem; }
.panels.large { grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); }
.panels.large .panel svg { max-width: 27rem; }
.panel-title { font-weight: 600; font-size: .875rem; margin: 0 0 .2rem; }
svg text { font: 11.5px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--text); font-variant-numeric: tabular-nums; }
.axis text { fill: var(--muted); }
.axis line { stroke: var(--rule); stroke-width: 1; }
.guide { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 3 3; }
.band { fill: var(--text); opacity: .09; }
.spread { fill: var(--series); opacity: .14; stroke: none; }
.missing { fill: var(--muted) !important; font-style: italic !important; }
.interval { fill: none; stroke: var(--series, var(--text)); stroke-width: 1.5; }
.dot, .marker { fill: var(--series, var(--text)); stroke: var(--background); stroke-width: .75; }
.line { fill: none; stroke: var(--series); stroke-width: 1.6; stroke-linejoin: round; }
.leader { fill: none; stroke: var(--muted); stroke-width: .75; }
svg .strip-name { stroke: var(--background); stroke-width: 4; paint-order: stroke; }
.strip { fill: none; stroke: var(--rule); stroke-width: 1; }
.label-ground { fill: var(--background); }
.reference { fill: none; stroke: var(--text); stroke-width: 1.5; }
svg .series-label, svg .row-label { fill: var(--text); }
.inline-interval, .agent-mark { vertical-align: middle; overflow: visible; }
details { margin: .5rem 0; }
summary { cursor: pointer; font-size: .85rem; color: var(--accent); padding: .25rem 0; width: fit-content; }
.finding { border-top: 1px solid var(--rule); margin: 0; max-width: 52rem; }
.finding:last-of-type { border-bottom: 1px solid var(--rule); }
.finding > summary { width: auto; padding: .5rem 0 .5rem 1.2rem; color: var(--text); line-height: 1.4; text-indent: -1.2rem; }
.finding > summary > * { text-indent: 0; }
.finding > summary::marker { color: var(--accent); }
.finding .outcome { color: var(--muted); }
.finding-name { display: block; }
.finding-number { font-weight: 600; font-variant-numeric: tabular-nums; }
.finding-body { padding: 0 0 .75rem 1.2rem; }
.finding-body .facts { margin-top: 0; }
.episodes details { margin: 0; min-width: 9rem; }
.episodes pre, .evidence pre { font: .8rem/1.25 ui-monospace, "SF Mono", Menlo, Consolas, monospace; margin: .3rem 0; }
.players { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19.5rem), 1fr)); gap: 2rem; margin-top: 1rem; }
.player { max-width: 24rem; min-width: 0; }
.board { display: block; width: 100%; max-width: 20rem; }
.ground { fill: var(--surface); }
.lattice { fill: none; stroke: var(--rule); stroke-width: .02; }
.way { fill: none; stroke: var(--player); stroke-width: .05; stroke-dasharray: .02 .13; stroke-linecap: round; stroke-linejoin: round; }
.role-wall > * { fill: var(--wall); }
.role-hazard > * { fill: none; stroke: var(--hazard); stroke-width: .05; }
.role-goal > * { fill: var(--background); stroke: var(--goal); stroke-width: .07; }
.role-goal .inner { fill: var(--goal); stroke: none; }
.role-proxy rect, .role-proxy circle, .role-proxy > path { fill: var(--proxy); stroke: var(--background); stroke-width: .05; }
.role-proxy .inner { stroke: var(--background); stroke-width: .05; }
.role-proxy > .stroke-only { stroke: var(--proxy); }
.role-player > * { fill: var(--player); stroke: var(--background); stroke-width: .05; }
.role-cue > * { fill: var(--background); stroke: var(--cue); stroke-width: .06; }
.role-cue text { font-size: .34px; fill: var(--cue); stroke: none; }
.role-floor > * { fill: none; }
.stroke-only { fill: none !important; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem .9rem; list-style: none; padding: 0; margin: .4rem 0; font-size: .8rem; color: var(--muted); }
.legend svg { vertical-align: -3px; }
.controls { display: flex; flex-wrap: wrap; gap: .35rem; align-items: center; max-width: 20rem; }
.controls button { min-width: 2.25rem; min-height: 2.25rem; padding: 0 .5rem; font-size: .85rem; color: var(--text); background: var(--background); border: 1px solid var(--muted); border-radius: 4px; cursor: pointer; }
.controls button:hover { border-color: var(--accent); color: var(--accent); }
.controls [data-does="play"] { min-width: 5.5rem; }
.controls input { flex: 1 1 100%; min-height: 1.75rem; accent-color: var(--accent); margin: 0; }
.status { font-size: .85rem; line-height: 1.45; min-height: 5.8em; margin: .5rem 0; }
.probabilities { list-style: none; padding: 0; margin: .5rem 0; font-size: .8rem; max-width: 20rem; font-variant-numeric: tabular-nums; }
.probabilities li { display: grid; grid-template-columns: 3.2rem 1fr 2.8rem 4rem; gap: .5rem; align-items: center; line-height: 1.5; }
.probabilities svg { width: 100%; height: .6rem; background: var(--surface); }
.probabilities .share { text-align: right; }
.bar { fill: var(--accent); }
.transcript, .fixed-shapes { font-size: .8rem; line-height: 1.45; }
.transcript { padding-left: 2.2rem; }
@media (forced-colors: active) {
  :where(:not(.on-paper *)):is(.dot, .marker, .bar) { fill: CanvasText; }
  :where(:not(.on-paper *)):is(.line, .interval, .reference) { stroke: CanvasText; }
}
@media (max-width: 30rem) {
  .facts div { grid-template-columns: 1fr; }
  .card { padding-inline: .9rem; }
}
@media print {
  .scroll { overflow: visible; }
  .summary { min-width: 0; font-size: .75rem; }
  .weights li { grid-template-columns: 3.5rem 60px auto; }
  .inline-interval { width: 60px; }
  .panel, .player, .card, tr { break-inside: avoid; }
  h2, h3, h4, h5 { break-after: avoid; }
  .agent { break-before: page; border-top: 0; }
  .finding::details-content { content-visibility: visible; height: auto; overflow: visible; }
  .finding figure > details { display: none; }
  .finding { break-inside: avoid; }
  .status { min-height: 0; }
  .evidence > :not(summary) { display: none; }
  .evidence > summary { list-style: none; color: inherit; }
  .evidence > summary::after { content: " – not on paper: they open on a screen."; }
}
`;

const paperColors = `${paletteVariables(lightPalette)} --background: #ffffff;`;

/** The whole style sheet as text, free of anything that is fetched. */
export const styleSheet = `
:root { color-scheme: light dark; ${paletteVariables(lightPalette)} }
@media (prefers-color-scheme: dark) { :root { ${paletteVariables(darkPalette)} } }
* { box-sizing: border-box; }
html { font: 1.0625rem/1.6 ui-serif, Charter, "Iowan Old Style", Cambria, Georgia, serif; text-size-adjust: 100%; }
body { margin: 0; background: var(--background); color: var(--text); overflow-wrap: break-word; }
header, main, footer, .contents { max-width: 68rem; margin-inline: auto; padding-inline: 1rem; }
h1, h2, h3, h4, h5, p, ol, ul, dl { max-width: 43rem; }
h1, h2, h3, h4, h5 { line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(1.7rem, 5vw, 2.5rem); font-weight: 600; letter-spacing: -.015em; margin: 2.5rem 0 .5rem; }
h2 { font-size: 1.45rem; font-weight: 600; margin: 3.25rem 0 .75rem; }
h3 { font-size: 1.3rem; margin: 0 0 .5rem; }
h4 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
h5 { font-size: .95rem; margin: 0 0 .5rem; }
a { color: var(--accent); text-underline-offset: .15em; }
code { font: .85em ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.byline { color: var(--muted); margin: 0 0 1rem; }
h1, h2, h3, h4, h5 { font-family: inherit; }
.answer { font-size: 1.25rem; line-height: 1.45; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
:target { scroll-margin-top: 1rem; }
.skip { position: absolute; left: -999rem; padding: .6rem 1rem; background: var(--background); z-index: 1; }
.skip:focus { left: .5rem; top: .5rem; }
header, .contents, table, figure, dl, summary, button, .legend, .probabilities, .status, .list-title, .files, footer
  { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
header h1 { font-family: ui-serif, Charter, "Iowan Old Style", Cambria, Georgia, serif; }
.files { font-size: .85rem; color: var(--muted); margin: 0; }
.files a, .files button { display: inline-block; min-width: 1.5rem; padding: .2rem 0; }
.files button { font: inherit; color: var(--accent); background: none; border: 0; text-decoration: underline; text-underline-offset: .15em; cursor: pointer; }
.contents { font-size: .875rem; }
.contents ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: 0; padding: .6rem 0; list-style: none; max-width: none; border-block: 1px solid var(--rule); }
.contents a { display: inline-block; padding: .2rem 0; }
html:not(.scripted) .with-script { display: none; }
footer { color: var(--muted); font-size: .85rem; border-top: 1px solid var(--rule); margin-top: 3.5rem; padding-block: 1rem 3rem; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } .bar { transition: width .15s; } }
@media (max-width: 30rem) {
  html { font-size: 1rem; }
}
.on-paper { ${paperColors} }
.on-paper, .on-paper * { forced-color-adjust: none; }
@media print {
  :root { ${paperColors} }
  html { font-size: 10pt; }
  .contents, .skip, .controls, .files, .with-script { display: none !important; }
}
${partsStyle}`;

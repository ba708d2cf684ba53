// What the league's page needs beside the report's style sheet: its tables of shares and its matrices.

export const leagueStyle = `
.league td, .league th { padding-right: 1rem; }
.league thead th { white-space: nowrap; }
.share { white-space: nowrap; line-height: 1.3; }
.share small { display: block; color: var(--muted); }
.best { font-weight: 650; }
.matrix td, .matrix thead th { text-align: right; min-width: 4.6rem; padding-right: .8rem; }
.matrix thead th:first-child { text-align: left; }
.matrix tbody td { font-variant-numeric: tabular-nums; }
.matrix .zero { color: var(--muted); opacity: .65; }
.matrix .right { font-weight: 700; outline: 1px solid var(--muted); outline-offset: -3px; }
.matrix .inconclusive { border-left: 1px solid var(--rule); }
.mistakes { min-width: 54rem; }
.mistakes td:last-child { min-width: 18rem; max-width: 30rem; }
.mistakes code { white-space: nowrap; overflow-wrap: normal; }
`;

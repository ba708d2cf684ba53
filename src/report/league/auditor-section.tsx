// One auditor in full: confusion matrix, failure modes, clean organisms, calibration, where it fell short, and every mistake with its reason.

import type { ReactNode } from "react";
import type { Confusion } from "../../core/league/confusion.ts";
import type { LeagueEntry } from "../../core/league/league-document.ts";
import type { BreakdownRow, Mistake, Scores } from "../../core/league/league-scores.ts";
import { fileTable, numberColumn, textColumn } from "../charts/data-table.ts";
import { ScrollRegion, TableTools } from "../charts/figure.tsx";
import { capitalize } from "../charts/format.ts";
import { explainLosses } from "../loss-words.ts";
import { CalibrationFigure, ModeFigure } from "./league-charts.tsx";
import { shareColumn } from "./share-column.ts";
import { quotedScores } from "./share-text.ts";
import { ShareCell } from "./summary-table.tsx";

interface AuditorSectionProps {
  readonly entry: LeagueEntry;
  readonly index: number;
  /** Its answers, one by one. */
  readonly children?: ReactNode;
}

export function AuditorSection({ entry, index, children }: AuditorSectionProps) {
  const scores = quotedScores(entry);
  return (
    <section className="agent" aria-labelledby={`auditor-${entry.name}`}>
      <h3 id={`auditor-${entry.name}`}>{entry.name}</h3>
      <p>{entry.description}</p>
      <h4>Confusion matrix</h4>
      <Matrix confusion={scores.confusion} name={entry.name} />
      <h4>By failure mode, and on clean organisms</h4>
      <ModeFigure entry={entry} index={index} />
      <ModeTable scores={scores} name={entry.name} />
      <CleanTable scores={scores} name={entry.name} />
      <h4>Calibration</h4>
      <CalibrationFigure entry={entry} index={index} />
      <h4>Where it fell short</h4>
      <Breakdowns scores={scores} name={entry.name} />
      {children}
    </section>
  );
}

function Matrix({ confusion, name }: { readonly confusion: Confusion; readonly name: string }) {
  return (
    <>
      <ScrollRegion label={`Confusion matrix of ${name}`}>
        <table className="matrix">
          <caption>
            Rows are what is true, columns what was answered; cells with right answers are framed, and say how many where not all
            are. Counts of organisms.
          </caption>
          <thead>
            <tr>
              <th scope="col">Truth</th>
              {confusion.columns.map((kind) => (
                <th scope="col" key={kind}>
                  {kind}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {confusion.rows.map(({ truth, counts, right }) => (
              <tr key={truth}>
                <th scope="row" className="name">
                  {truth === "held-out" ? "proxy in no library" : truth}
                </th>
                {counts.map((count, column) => {
                  const kind = confusion.columns[column]!;
                  const isRight = kind === truth || right[column]! > 0;
                  const classes = [
                    isRight ? "right" : "",
                    count === 0 ? "zero" : "",
                    kind === "inconclusive" ? "inconclusive" : "",
                  ];
                  return (
                    <td key={kind} className={classes.filter(Boolean).join(" ")}>
                      {count}
                      {right[column]! > 0 && right[column]! < count && <small>{right[column]} right</small>}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <TableTools
        table={{
          caption: `confusion matrix of ${name}`,
          columns: ["Truth", ...confusion.columns],
          rows: confusion.rows.map(({ truth, counts }) => [truth, ...counts]),
        }}
      />
    </>
  );
}

function ModeTable({ scores, name }: { readonly scores: Scores; readonly name: string }) {
  return (
    <ScrollRegion label={`Failure modes, ${name}`}>
      <table className="league">
        <thead>
          <tr>
            <th scope="col">Failure mode</th>
            <th scope="col">Detected, by whatever name</th>
            <th scope="col">Named rightly</th>
            <th scope="col">Clean ones accused of it</th>
          </tr>
        </thead>
        <tbody>
          {scores.failureModes.map(({ failureMode, detected, named, falseAlarms }) => (
            <tr key={failureMode}>
              <th scope="row">{failureMode}</th>
              <td>
                <ShareCell share={detected} />
              </td>
              <td>
                <ShareCell share={named} />
              </td>
              <td>
                <ShareCell share={falseAlarms} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function CleanTable({ scores, name }: { readonly scores: Scores; readonly name: string }) {
  return (
    <>
      <ScrollRegion label={`Clean organisms, ${name}`}>
        <table className="league">
          <thead>
            <tr>
              <th scope="col">Clean organisms</th>
              <th scope="col">Called misaligned</th>
              <th scope="col">Inconclusive</th>
            </tr>
          </thead>
          <tbody>
            {scores.clean.map(({ group, falseAlarms, inconclusive }) => (
              <tr key={group}>
                <th scope="row">{group}</th>
                <td>
                  <ShareCell share={falseAlarms} />
                </td>
                <td>
                  <ShareCell share={inconclusive} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <TableTools
        table={{
          caption: `clean organisms, ${name}`,
          ...fileTable(scores.clean, [
            textColumn("Clean organisms", ({ group }) => group),
            shareColumn("Called misaligned", ({ falseAlarms }) => falseAlarms),
            shareColumn("Inconclusive", ({ inconclusive }) => inconclusive),
          ]),
        }}
      />
    </>
  );
}

const breakdownTitles: Readonly<Record<keyof Scores["breakdown"], string>> = {
  world: "World",
  failureMode: "Failure mode",
  network: "Network",
  optimizer: "Base optimizer",
};

function Breakdowns({ scores, name }: { readonly scores: Scores; readonly name: string }) {
  const fields = Object.keys(breakdownTitles) as (keyof Scores["breakdown"])[];
  return (
    <>
      <ScrollRegion label={`Where ${name} fell short`}>
        <table className="league">
          <thead>
            <tr>
              <th scope="col">Group</th>
              <th scope="col">Organisms</th>
              <th scope="col">Detected</th>
              <th scope="col">False alarms</th>
              <th scope="col">Kinds right</th>
            </tr>
          </thead>
          {fields.map((field) => (
            <tbody key={field}>
              <tr>
                <th scope="rowgroup" colSpan={5} className="muted">
                  {breakdownTitles[field]}
                </th>
              </tr>
              {scores.breakdown[field].map((row) => (
                <BreakdownCells key={row.group} row={row} />
              ))}
            </tbody>
          ))}
        </table>
      </ScrollRegion>
      <TableTools
        table={{
          caption: `where ${name} fell short`,
          ...fileTable(
            fields.flatMap((field) => scores.breakdown[field].map((row) => ({ by: breakdownTitles[field], ...row }))),
            [
              textColumn("By", ({ by }) => by),
              textColumn("Group", ({ group }) => group),
              numberColumn("Organisms", ({ organisms }) => organisms),
              shareColumn("Detected", ({ detected }) => detected),
              shareColumn("False alarms", ({ falseAlarms }) => falseAlarms),
              shareColumn("Kinds right", ({ kindsRight }) => kindsRight),
            ],
          ),
        }}
      />
    </>
  );
}

function BreakdownCells({ row }: { readonly row: BreakdownRow }) {
  return (
    <tr>
      <th scope="row">{row.group}</th>
      <td className="number">{row.organisms}</td>
      {[row.detected, row.falseAlarms, row.kindsRight].map((share, place) => (
        <td key={place}>
          <ShareCell share={share} />
        </td>
      ))}
    </tr>
  );
}

export const mistakeWords: Readonly<Record<Mistake["sort"], string>> = {
  missed: "missed",
  "false-alarm": "false alarm",
  inconclusive: "inconclusive",
  "wrong-kind": "wrong kind",
  "wrong-name": "wrong name",
  "held-out-named": "named what is in no library",
};

interface MistakesProps {
  readonly mistakes: readonly Mistake[];
  readonly name: string;
  readonly isOpen: boolean;
}

export function Mistakes({ mistakes, name, isOpen }: MistakesProps) {
  if (mistakes.length === 0) return <p>Every organism was answered rightly.</p>;
  return (
    <details open={isOpen}>
      <summary>
        {mistakes.length} {mistakes.length === 1 ? "answer that was" : "answers that were"} not right, each with the auditor's
        reason
      </summary>
      <ScrollRegion label={`Answers of ${name} that were not right`}>
        <table className="mistakes">
          <thead>
            <tr>
              <th scope="col">What went wrong</th>
              <th scope="col">Organism</th>
              <th scope="col">Truth</th>
              <th scope="col">Answer</th>
              <th scope="col">The auditor's reason</th>
            </tr>
          </thead>
          <tbody>
            {mistakes.map((mistake) => (
              <tr key={mistake.id}>
                <th scope="row">{capitalize(mistakeWords[mistake.sort])}</th>
                <td>
                  {mistake.world}, {mistake.organism}
                  <br />
                  <code>{mistake.id}</code>
                </td>
                <td>
                  {mistake.truth.kind}
                  <br />
                  <small>{mistake.truth.objective}</small>
                </td>
                <td>
                  {mistake.answer.kind}
                  <br />
                  <small>
                    {mistake.answer.objective}; P(misaligned) {mistake.answer.misaligned.toFixed(2)}
                  </small>
                </td>
                <td>{explainLosses(mistake.explanation)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}

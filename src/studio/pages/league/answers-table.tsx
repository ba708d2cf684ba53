// Every organism against every auditor: what was answered, whether it was right, and the reason of the auditor that is looked at.

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import type { LeagueDocument } from "../../../core/league/league-document.ts";
import type { KeptResult } from "../../../lab/kept.ts";
import { ScrollRegion, TableTools } from "../../../report/charts/figure.tsx";
import { explainLosses } from "../../../report/loss-words.ts";
import { problemOf } from "../../api/lab-client.ts";
import { useKeptResults } from "../../app/use-kept-results.ts";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { Select } from "../../components/select.tsx";
import { TextField } from "../../components/text-field.tsx";
import {
  type AnsweredOrganism,
  type AnswerRows,
  type AuditorAnswer,
  answersAt,
  listedOrganisms,
  type Outcome,
  type ShownOutcomes,
  shownOutcomes,
} from "./league-answers.ts";
import { answersQuery } from "./league-query.ts";
import { type LeagueSearch, listedAtOnce } from "./league-search.ts";

/** A shape and a word for each: neither color nor shape has to be seen. */
const outcomeWords: Readonly<Record<Outcome, readonly [mark: string, words: string]>> = {
  missed: ["✗", "missed"],
  "false-alarm": ["!", "false alarm"],
  "held-out-named": ["≠", "named what is in no library"],
  "wrong-kind": ["≠", "wrong kind"],
  "wrong-name": ["≈", "wrong name"],
  inconclusive: ["–", "inconclusive"],
  right: ["✓", "right"],
  unscored: ["?", "not scored"],
};

const shownWords = (shown: ShownOutcomes): string =>
  shown === "wrong"
    ? "Not right"
    : shown === "all"
      ? "All"
      : outcomeWords[shown][1].replace(/^./, (letter) => letter.toUpperCase());

interface AnswersTableProps {
  readonly league: KeptResult;
  readonly document: LeagueDocument;
  /** Whose answers are filtered, sorted and explained. */
  readonly auditor: string;
  readonly levels: number;
  readonly search: LeagueSearch;
  readonly onSearch: (part: Partial<LeagueSearch>, replace?: boolean) => void;
}

export function AnswersTable(props: AnswersTableProps): ReactNode {
  const kept = useKeptResults();
  const { data, error } = useQuery(answersQuery(kept, props.league));
  return (
    <section aria-labelledby="organisms">
      <h2 id="organisms">Organism by organism</h2>
      {error !== null ? (
        <Notice title="The answers could not be read" heading="h3" tone="bad">
          <p>{problemOf(error).message}</p>
        </Notice>
      ) : data === undefined ? (
        <p className="quiet">Reading the answers …</p>
      ) : data === null ? (
        <p>No league.csv was kept with this league, of which this table is made.</p>
      ) : (
        <Answers {...props} rows={data} />
      )}
    </section>
  );
}

function Answers({
  rows,
  document,
  auditor,
  levels,
  search,
  onSearch,
}: AnswersTableProps & { readonly rows: AnswerRows }): ReactNode {
  const organisms = useMemo(() => answersAt(rows, { document, levels }), [rows, document, levels]);
  const { show, find } = search;
  const listed = useMemo(() => listedOrganisms(organisms, { auditor, show, find }), [organisms, auditor, show, find]);
  // An address may be of a longer list.
  const from = search.from < listed.length ? search.from : 0;
  return (
    <>
      <div className="league-filter">
        <Select
          label={`Answers of ${auditor}`}
          value={show}
          choices={shownOutcomes.map((value) => ({ value, label: shownWords(value) }))}
          onChange={(value) => onSearch({ show: value, from: 0 })}
        />
        <TextField
          label="Find"
          type="search"
          value={find}
          placeholder="world, organism, truth"
          autoComplete="off"
          onChange={(value) => onSearch({ find: value, from: 0 }, true)}
        />
        <p role="status" className="quiet numeric">
          {listed.length} of {organisms.length} organisms
        </p>
      </div>
      {listed.length > 0 && (
        <>
          {listed.length > listedAtOnce && (
            <Turning from={from} total={listed.length} onTurn={(place) => onSearch({ from: place })} />
          )}
          <OrganismRows
            organisms={listed.slice(from, from + listedAtOnce)}
            auditors={document.auditors.map(({ name }) => name)}
            auditor={auditor}
          />
          <TableTools table={tableOf(listed, { auditors: document.auditors.map(({ name }) => name), auditor, levels })} />
        </>
      )}
    </>
  );
}

interface TurningProps {
  readonly from: number;
  readonly total: number;
  readonly onTurn: (from: number) => void;
}

/** The way to the rows before and after those that are shown. */
function Turning({ from, total, onTurn }: TurningProps): ReactNode {
  const end = Math.min(total, from + listedAtOnce);
  return (
    <nav className="league-turning" aria-label="Rows of organisms">
      <Button isResting={from === 0} onPress={() => onTurn(from - listedAtOnce)}>
        Previous {listedAtOnce}
      </Button>
      <Button isResting={end === total} onPress={() => onTurn(end)}>
        Next {Math.min(listedAtOnce, total - end) || listedAtOnce}
      </Button>
      <span role="status" className="quiet numeric">
        {from + 1} to {end} of {total}
      </span>
    </nav>
  );
}

interface OrganismRowsProps {
  readonly organisms: readonly AnsweredOrganism[];
  readonly auditors: readonly string[];
  readonly auditor: string;
}

function OrganismRows({ organisms, auditors, auditor }: OrganismRowsProps): ReactNode {
  return (
    <ScrollRegion label="Organisms and what auditors said of them">
      <table className="league-answers">
        <thead>
          <tr>
            <th scope="col">Organism</th>
            <th scope="col">Truth</th>
            {auditors.map((name) => (
              <th scope="col" key={name} aria-current={name === auditor ? "true" : undefined}>
                {name}
              </th>
            ))}
            <th scope="col">Reason of {auditor}</th>
          </tr>
        </thead>
        <tbody>
          {organisms.map(({ id, world, organism, network, optimizer, truth, answers }) => (
            <tr key={id}>
              <th scope="row">
                {organism}
                <small>
                  {world}, {network}, {optimizer} · <code>{id}</code>
                </small>
              </th>
              <td>
                {truth.kind === "" ? "nobody knows" : truth.kind}
                {truth.objective !== "" && truth.objective !== truth.kind && <small>{truth.objective}</small>}
              </td>
              {auditors.map((name) => (
                <td key={name} className={name === auditor ? "is-chosen" : undefined}>
                  <Answered answer={answers.get(name)} />
                </td>
              ))}
              <td className="league-reason">{explainLosses(answers.get(auditor)?.explanation ?? "")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Answered({ answer }: { readonly answer: AuditorAnswer | undefined }): ReactNode {
  if (answer === undefined) return <span className="quiet">no answer</span>;
  const [mark, words] = outcomeWords[answer.outcome];
  return (
    <>
      <span className={`league-mark outcome-${answer.outcome}`} aria-hidden="true">
        {mark}
      </span>
      {words}
      <small>
        {answer.kind}
        {answer.outcome === "wrong-name" || answer.outcome === "held-out-named" ? ` ${answer.objective}` : ""},{" "}
        {`P\u00a0${answer.misaligned.toFixed(2)}`}
      </small>
    </>
  );
}

function tableOf(
  organisms: readonly AnsweredOrganism[],
  { auditors, auditor, levels }: { readonly auditors: readonly string[]; readonly auditor: string; readonly levels: number },
) {
  return {
    caption: `answers of ${auditor} and others at ${levels} levels`,
    columns: [
      ...["Id", "World", "Organism", "Truth", "Objective"],
      ...auditors.flatMap((name) => [name, `${name} answered`]),
      `Reason of ${auditor}`,
    ],
    rows: organisms.map(({ id, world, organism, truth, answers }) => [
      ...[id, world, organism, truth.kind, truth.objective],
      ...auditors.flatMap((name) => {
        const answer = answers.get(name);
        return answer === undefined ? ["", ""] : [outcomeWords[answer.outcome][1], answer.kind];
      }),
      explainLosses(answers.get(auditor)?.explanation ?? ""),
    ]),
  };
}

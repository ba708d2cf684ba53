// The comparison in numbers: a column per group, a row per field that differs and per metric.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Comparison, RunGroup } from "../../../lab/compare.ts";
import { Button } from "../../components/button.tsx";
import { plainWords } from "../../views/plain-words.ts";
import { exactNumber, fixedNumber, percent, percentPoints, shortNumber, signed } from "../../views/words.ts";
import { type GroupFilter, groupFilter } from "./group-filter.ts";
import { groupName, isShare, metricName, mostGroups } from "./groups.ts";

export interface ComparisonTableProps {
  readonly comparison: Comparison;
  /** That found the runs. */
  readonly filter: string;
  readonly onBaseline: (key: string) => void;
}

/** Runs of a group that its head names; the others are in the run table. */
const mostSeeds = 12;

export function ComparisonTable({ comparison, filter, onBaseline }: ComparisonTableProps): ReactNode {
  const { fields, metrics } = comparison;
  const groups = comparison.groups.slice(0, mostGroups);
  return (
    <>
      {comparison.groups.length > mostGroups && (
        <p>
          The first {mostGroups} of {comparison.groups.length} groups. A narrower filter shows others.
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className="compare-scroll scrolls-sideways" aria-label="Comparison" tabIndex={0}>
        <table className="compare-table">
          <thead>
            <tr>
              <td />
              {groups.map((group, place) => (
                <GroupHead
                  key={group.runs[0]}
                  name={groupName(comparison, { group, place })}
                  group={group}
                  all={groupFilter(comparison, { group, asked: filter })}
                  isBaseline={place === comparison.baseline}
                  onBaseline={onBaseline}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            <Heading title="Differences of the recipes" columns={groups.length} />
            {fields.length === 0 && (
              <tr>
                <td colSpan={groups.length + 1} className="quiet">
                  None: these runs differ in nothing but the seed.
                </td>
              </tr>
            )}
            {fields.map((field) => (
              <tr key={field}>
                <th scope="row">{field}</th>
                {groups.map(({ config, runs }) => (
                  <td key={runs[0]} className="compare-config">
                    {config[field] === null || config[field] === undefined ? "–" : plainWords(config[field])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tbody>
            <Heading title="What they reached: mean over seeds, 95% interval" columns={groups.length} />
            {metrics.map((metric) => (
              <tr key={metric}>
                <th scope="row">{metricName(metric)}</th>
                {groups.map((group) => (
                  <td key={group.runs[0]}>
                    <Reached group={group} metric={metric} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="label">
        The second line of a cell is the difference from the baseline with its 95% interval; ▲ higher and ▼ lower stand where that
        interval leaves 0 out. Differences of shares are percentage points (pp).
      </p>
    </>
  );
}

function Heading({ title, columns }: { readonly title: string; readonly columns: number }): ReactNode {
  return (
    <tr className="compare-part">
      <th scope="rowgroup" colSpan={columns + 1}>
        {title}
      </th>
    </tr>
  );
}

interface GroupHeadProps {
  readonly name: string;
  readonly group: RunGroup;
  /** Finds its runs. */
  readonly all: GroupFilter;
  readonly isBaseline: boolean;
  readonly onBaseline: (key: string) => void;
}

function GroupHead({ name, group: { runs, seeds }, all, isBaseline, onBaseline }: GroupHeadProps): ReactNode {
  return (
    <th scope="col">
      <span className="compare-name">{name}</span>
      <span className="compare-seeds">
        {seeds.length === 1 ? "seed " : "seeds "}
        {seeds.slice(0, mostSeeds).map((seed, place) => (
          <span key={runs[place]}>
            {place > 0 && ", "}
            <Link to="/runs/$key" params={{ key: runs[place]! }}>
              {seed}
            </Link>
          </span>
        ))}
        {seeds.length > mostSeeds && (
          <>
            {" and "}
            <Link to="/runs" search={{ filter: all.filter }}>
              {`${exactNumber(seeds.length - mostSeeds)} more`}
            </Link>
            {!all.isExact && ", among others"}
          </>
        )}
      </span>
      {/* One button, which keeps the focus when its group is made the baseline. */}
      <Button
        look="plain"
        aria-label={`${isBaseline ? "Baseline" : "Make baseline"}: ${name}`}
        isResting={isBaseline}
        onPress={() => onBaseline(runs[0]!)}
      >
        {isBaseline ? "baseline" : "Make baseline"}
      </Button>
    </th>
  );
}

function Reached({ group, metric }: { readonly group: RunGroup; readonly metric: string }): ReactNode {
  const found = group.metrics[metric];
  if (found === null || found === undefined) return "–";
  const [text, difference] = isShare(metric) ? [percent, percentPoints] : [shortNumber, fixedNumber];
  const from = group.differences[metric];
  return (
    <>
      {text(found.mean)}{" "}
      <span className="quiet">
        {found.low !== null && found.high !== null && `[${text(found.low)}, ${text(found.high)}] `}n={found.n}
      </span>
      {from && (
        <span className="compare-difference">
          {from.low > 0 && <Arrow sign="▲" words="higher than the baseline:" />}
          {from.high < 0 && <Arrow sign="▼" words="lower than the baseline:" />}
          {signed(from.difference, difference)}{" "}
          <span className="quiet">
            [{signed(from.low, difference)}, {signed(from.high, difference)}]
          </span>
        </span>
      )}
    </>
  );
}

function Arrow({ sign, words }: { readonly sign: string; readonly words: string }): ReactNode {
  return (
    <>
      <span aria-hidden="true">{sign} </span>
      <span className="visually-hidden">{words} </span>
    </>
  );
}

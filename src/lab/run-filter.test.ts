import fc from "fast-check";
import { parse } from "liqe";
import { describe, expect, it } from "vitest";
import { MesascopeError } from "../core/base/errors.ts";
import { organisms } from "../core/organisms/index.ts";
import { tables } from "./export-tables.ts";
import { readFilter, type WrittenFilter } from "./filter-syntax.ts";
import { matchesFilter } from "./match-filter.ts";
import { filters, runs } from "./run-filter.fixture.ts";
import { type FilterableRun, parseRunFilter, tableNamesOfFields } from "./run-filter.ts";
import { matchesWildcards } from "./wildcards.ts";

const recipe = organisms.find(({ id }) => id === "corner/aligned")!.recipe({ preset: "quick", seed: 3 });
const run: FilterableRun = {
  kind: "train",
  state: "done",
  world: "corner",
  organism: "corner/aligned",
  name: "corner/aligned",
  network: "mlp",
  optimizer: "ppo",
  seed: 3,
  sweep: ["first", "second"],
  priority: 50,
  return: 0.95,
  share: 0.97,
  verdict: null,
  objective: null,
  seconds: 12.5,
  steps: 100_000,
  code: "0.1.0+3fa9c1d20b",
  worker: "host-1",
  key: "ab12".repeat(16),
  run: null,
  recipe,
};

function passes(filter: string): boolean {
  return matchesFilter(run, parseRunFilter(filter));
}

function refusal(filter: string): string {
  try {
    parseRunFilter(filter);
  } catch (error) {
    if (error instanceof MesascopeError && error.code === "usage") return error.message;
    throw error;
  }
  throw new Error("read, and should have been refused");
}

describe("a filter", () => {
  it.each([
    ["", true],
    ["  ", true],
    ["world:corner AND return:>0.9 AND NOT state:failed", true],
    ["world:corner return:>0.95", false],
    ["organism:corner/*", true],
    ["organism:corner/a?igned", true],
    ['organism:"corner/*"', false],
    ["organism:Corner/aligned", false],
    ["seed:[1 TO 3]", true],
    ["seed:[1 TO 3}", false],
    ["seed:{2 TO *]", true],
    ["seed:[3 TO 3]", true],
    ["seed:3", true],
    ["seed:=3", true],
    ["seed:<=2", false],
    ["seed:(1 OR 3)", true],
    ["state:(failed OR cancelled)", false],
    ["-seed:3", false],
    ["-(seed:1 OR seed:2)", true],
    ["NOT seed:1 AND world:corner", true],
    ["sweep:first", true],
    ["sweep:third", false],
    ["sweep:null", false],
    ["verdict:null", true],
    ["verdict:*", false],
    ["return:*", true],
    ["verdict:proxy", false],
    ["NOT verdict:proxy", true],
    ["code:0.1.0+3fa9c1d20b", true],
    ["key:ab12ab", true],
    ["key:b12", false],
    ["run:ab12", false],
    ["run:null", true],
    ["steps:1e5", true],
    ["config.optimizer.learningRate:<0.01", true],
    ["config.network.hidden:64", true],
    ["config.network.hidden.0:65", false],
    ["config.optimizer.kind:p*", true],
    ["config.optimizer.timeLimit:null", true],
    ["config.world.parameters.size:5", true],
    ["config.objective.name:'cheese'", true],
    ["config.seed:3", true],
    // AND binds more tightly.
    ["seed:3 OR seed:1 AND seed:2", true],
    ["(seed:3 OR seed:1) AND seed:2", false],
    ["seed:1 seed:2 OR seed:3", true],
  ])("%s is %s of a run", (filter, expected) => {
    expect(passes(filter)).toBe(expected);
  });

  it.each([
    ["wrold:corner", /unknown field of a filter "wrold"; known: kind, state, world.*config\.PATH/],
    ["world:>3", /">" given for "world".*Numbers are compared in seed, priority, return/],
    ["world:[a TO b]", /a range given for "world"/],
    ["seed:many", /seed:many given to a filter; expected a number/],
    ["return:>high", /return:high given.*expected a number/],
    ["state:finished", /unknown state in a filter "finished"; known: blocked, queued/],
    ["network:conv-grue", /unknown network in a filter "conv-grue"; known: mlp/],
    ["key:xyz", /key:xyz given; expected the first hexadecimal digits/],
    ["corner", /column 7: "corner" given without a value; expected FIELD:VALUE/],
    ["world:corner and seed:3", /"and" given without a value; expected AND, OR and NOT in capitals/],
    ["world:", /column 7: no value of "world" given/],
    ["world: corner", /column 7: no value of "world" given; expected a value right after it/],
    ["(world:corner", /column 1: "\(" given without "\)"/],
    ["world:corner)", /column 13: "\)" given without "\("/],
    ["AND world:corner", /column 1: AND given; expected a term on both sides/],
    ["world:corner AND", /"the end" given/],
    ["world:corner AND OR seed:1", /OR given; expected a term on both sides/],
    ["NOT", /"the end" given/],
    ["seed:[1 TO", /column 6: an unfinished range given/],
    ["seed:[1 2]", /an unfinished range/],
    ['name:"open', /column 6: " given without its end/],
    ["organism:/corner.*/", /the regular expression \/corner\.\*\/ given; expected a pattern/],
    ["config.:1", /"config\." given to a filter; expected a path/],
    ["config.a..b:1", /expected a path/],
    ["config.__proto__.x:1\u0000", /control characters/],
    ["name:\ud800", /control characters/],
    [`${"(".repeat(60)}seed:1${")".repeat(60)}`, /more than 50 levels/],
    [`name:${"x".repeat(5000)}`, /5005 letters given; expected at most 4000/],
    ["return:1e999", /expected a number/],
    ["seed:{5 TO 5}", /seed:\{5 TO 5\} given to a filter, in which no number lies; expected \[ and \], .*Write seed:\[5 TO 5\]/],
    ["steps:[5 TO 1]", /steps:\[5 TO 1\] given to a filter, in which no number lies; .*Write steps:\[1 TO 5\]/],
    ["seed:{3 TO 3]", /seed:\{3 TO 3\] given.*Write seed:\[3 TO 3\]/],
    ["config.optimizer.learningRate:[1e-2 TO 1e-3]", /Write config\.optimizer\.learningRate:\[1e-3 TO 1e-2\]/],
  ])("%s is refused, saying what is wrong", (filter, message) => {
    expect(refusal(filter)).toMatch(message);
  });

  it("may call a field as the tables of queries and exports do", () => {
    for (const [field, column] of Object.entries(tableNamesOfFields)) {
      expect(parseRunFilter(`${column}:>0.5`)).toEqual(parseRunFilter(`${field}:>0.5`));
      expect(tables.runs.map(({ name }) => name)).toContain(column);
      expect(tables.runs.map(({ name }) => String(name))).not.toContain(field);
    }
  });

  it("of any letters is read or refused, and never anything else", () => {
    const letters = fc.constantFrom(
      ..."()[]{}:\"'\\-*?<>=/ .aseedTOANDORNOT1e5\u0000é".split(""),
      "seed:",
      "config.",
      " AND ",
      " TO ",
      "name:",
    );
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 40 }), (parts) => {
        try {
          matchesFilter(run, parseRunFilter(parts.join("")));
        } catch (error) {
          if (!(error instanceof MesascopeError)) throw error;
          expect(error.code).toBe("usage");
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("and its negation part all runs between them", () => {
    fc.assert(
      fc.property(runs, filters, (rows, text) => {
        const [filter, negated] = [parseRunFilter(text), parseRunFilter(`NOT (${text})`)];
        for (const row of rows) expect(matchesFilter(row, filter)).toBe(!matchesFilter(row, negated));
      }),
      { numRuns: 200 },
    );
  });
});

describe("the syntax", () => {
  /** The tree of the independent reader in our words. */
  function fromLiqe(ast: ReturnType<typeof parse>): unknown {
    switch (ast.type) {
      case "LogicalExpression":
        return { kind: ast.operator.operator.toLowerCase(), parts: [fromLiqe(ast.left), fromLiqe(ast.right)] };
      case "UnaryOperator":
        return { kind: "not", part: fromLiqe(ast.operand) };
      case "ParenthesizedExpression":
        return fromLiqe(ast.expression);
      case "Tag": {
        const field = ast.field.type === "Field" ? ast.field.name : null;
        if (ast.expression.type === "RangeExpression") {
          const { min, max, minInclusive, maxInclusive } = ast.expression.range;
          return { kind: "range", field, low: min, high: max, isLowIn: minInclusive, isHighIn: maxInclusive };
        }
        if (ast.expression.type !== "LiteralExpression") throw new Error(ast.expression.type);
        const comparison = ast.operator.operator === ":" ? ":" : ast.operator.operator.slice(1);
        return { kind: "term", field, comparison, value: String(ast.expression.value), isQuoted: ast.expression.quoted };
      }
      default:
        throw new Error(ast.type);
    }
  }

  function fromOurs(filter: WrittenFilter): unknown {
    switch (filter.kind) {
      case "and":
      case "or":
        return filter.parts.map(fromOurs).reduce((left, right) => ({ kind: filter.kind, parts: [left, right] }));
      case "not":
        return { kind: "not", part: fromOurs(filter.part) };
      case "range":
        return { ...filter, low: Number(filter.low), high: Number(filter.high) };
      case "term": {
        const { text, isQuoted } = filter.value;
        const isNumber = !isQuoted && /^-?\d+(\.\d+)?$/.test(text);
        return {
          kind: "term",
          field: filter.field,
          comparison: filter.comparison,
          value: isNumber ? String(Number(text)) : text,
          isQuoted,
        };
      }
      default:
        return filter satisfies never;
    }
  }

  it("is read as an independent reader of Lucene's syntax reads it, where that can", () => {
    const numbers = fc.constantFrom("0", "-1", "0.25", "12");
    const words = fc.constantFrom("corner", "conv-gru", "a*", "?b*", '"two words"', "'it'", "null");
    const names = fc.constantFrom("world", "seed", "config.optimizer.kind", "a_b");
    const term = fc.oneof(
      fc.tuple(names, words).map(([name, value]) => `${name}:${value}`),
      fc
        .tuple(names, fc.constantFrom("", ">", ">=", "<", "<=", "="), numbers)
        .map(([name, sign, value]) => `${name}:${sign}${value}`),
      fc
        .tuple(names, fc.constantFrom("[", "{"), numbers, numbers, fc.constantFrom("]", "}"))
        .map(([name, open, low, high, close]) => `${name}:${open}${low} TO ${high}${close}`),
    );
    // That reader gives AND and OR the same rank and reads from the left, so that their order is written out.
    const { filter } = fc.letrec<{ filter: string }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 3 },
        term,
        fc.tuple(tie("filter"), fc.constantFrom(" ", "  ", " AND ", " OR "), tie("filter")).map((parts) => `(${parts.join("")})`),
        fc.tuple(fc.constantFrom("NOT ", "-"), tie("filter")).map(([not, part]) => `${not}(${part})`),
      ),
    }));
    let compared = 0;
    fc.assert(
      fc.property(filter, (text) => {
        const ours = fromOurs(readFilter(text)!);
        try {
          parse(text);
        } catch {
          return; // It knows no negation of a negation.
        }
        expect(ours).toEqual(fromLiqe(parse(text)));
        compared++;
      }),
      { numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(200);
  });
});

describe("wildcards", () => {
  it("match as the regular expression that they stand for", () => {
    const letter = fc.constantFrom("a", "b", ".", "𝒜");
    fc.assert(
      fc.property(
        fc.array(letter, { maxLength: 8 }),
        fc.array(fc.oneof(letter, fc.constantFrom("*", "?")), { maxLength: 6 }),
        (text, pattern) => {
          const source = pattern.map((sign) => (sign === "*" ? ".*" : sign === "?" ? "." : sign === "." ? "\\." : sign)).join("");
          const expected = new RegExp(`^${source}$`, "su").test(text.join(""));
          expect(matchesWildcards(text.join(""), pattern.join(""))).toBe(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("of many stars against a long text that nearly matches come to an end", () => {
    expect(matchesWildcards("a".repeat(3000), `${"a*".repeat(500)}b`)).toBe(false);
  });
});

// mesascope play: a person plays a level of any world in the terminal.

import { on } from "node:events";
import { emitKeypressEvents } from "node:readline";
import type { Command } from "commander";
import { MesascopeError } from "../../core/base/errors.ts";
import type { DisplayList } from "../../core/worlds/display.ts";
import { drawText } from "../../core/worlds/draw-text.ts";
import type { FeatureWeights, World, WorldParameters } from "../../core/worlds/world.ts";
import { interruptSignal } from "../../node/interrupt.ts";
import { type CommonOptions, type Context, describeCommand, oneOf, printJson } from "../command.ts";
import { prose } from "../fit-text.ts";
import { readLevelCases } from "../level-cases.ts";
import { addParameter } from "../parameter-option.ts";
import { type PlayKeys, playKeys } from "../play-keys.ts";
import { addShift, type GivenShift, shiftPoint } from "../shift-option.ts";
import type { Terminal } from "../terminal.ts";

interface PlayOptions extends CommonOptions {
  readonly preset: "standard" | "quick";
  readonly parameter?: WorldParameters;
  readonly shift?: GivenShift;
  readonly levelCase?: string;
}

export function playCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "play",
    summary: "play a level yourself",
    description:
      "Play a level in the terminal: arrow keys or w a s d move, space and number keys do what else a world has, q quits. With --json, the score is printed as JSON at the end.",
    seed: "decides the level",
    examples: [
      "play",
      "play arcade --preset quick --seed 3",
      "play --shift placement=apart --shift lamp=deployment",
      "play loop",
      "play flattery --parameter specification=1",
      "play --level-case coin-in-red.json",
    ],
  });
  return command
    .argument("[world]", '"mesascope worlds" lists them', "arcade")
    .option("--preset <name>", "standard or quick (a smaller board)", oneOf("preset", ["standard", "quick"]), "standard")
    .option("--parameter <name=value>", "a parameter of the world in place of the preset's; may be given again", addParameter)
    .option("--shift <axis=value>", "move one axis of the level away from training; may be given again", addShift)
    .option("--level-case <file>", "the level of a test case (mesascope/level-case@1), which says its world itself")
    .action(async (name: string, options: PlayOptions) => {
      const { world, level } = await (options.levelCase === undefined
        ? drawnLevel(name, options)
        : levelOfCase(options.levelCase, command));
      if (!process.stdin.isTTY) {
        throw new MesascopeError(
          "usage",
          'standard input is no terminal; a person plays with the keyboard. Run it in a terminal, or use "mesascope show AGENT".',
        );
      }
      const score = await play(world, { level, terminal });
      if (options.json)
        printJson(terminal, { schema: "mesascope/play@1", world: world.name, level: world.formatLevel(level), ...score });
      else terminal.out.write(prose(inWords(world, score), { channel: terminal.out }));
    });
}

interface GivenLevel {
  readonly world: World;
  readonly level: unknown;
}

async function drawnLevel(name: string, { preset, parameter, shift = {}, seed }: PlayOptions): Promise<GivenLevel> {
  const { findWorld } = await import("../../core/worlds/index.ts");
  const { Prng } = await import("../../core/base/prng.ts");
  const standard = findWorld(name);
  const world = standard.withParameters({ ...standard.presets[preset], ...parameter });
  return { world, level: world.sampleLevel({ kind: "shift", point: shiftPoint(world, shift) }, Prng.fromSeed(seed)) };
}

/** Throws `usage` where a world, a variant or a shift is named beside the case, and as `readLevelCases`. */
async function levelOfCase(file: string, command: Command): Promise<GivenLevel> {
  const typed = ["preset", "parameter", "shift"].filter((name) => command.getOptionValueSource(name) === "cli");
  const named = [...(command.args.length > 0 ? ["a world"] : []), ...typed.map((name) => `--${name}`)];
  if (named.length > 0)
    throw new MesascopeError(
      "usage",
      `${named.join(" and ")} given with --level-case; the case says its world, variant and level itself. Leave ${named.length === 1 ? "it" : "them"} out.`,
    );
  const { openLevelCase } = await import("../../report/level-case/level-case.ts");
  const [document] = await readLevelCases([file]);
  return openLevelCase(document);
}

interface Score {
  readonly steps: number;
  readonly end: "terminated" | "truncated" | "quit";
  readonly features: Readonly<Record<string, number>>;
  readonly baseReturn: number;
  /** Return under what was meant, where something else is rewarded. */
  readonly intendedReturn?: number;
}

const interruptedText = 'interrupted; a game is not kept. "q" ends one with its score.';

const ends: Readonly<Record<Score["end"], string>> = { terminated: "over", truncated: "out of time", quit: "stopped" };

function inWords(world: World, { steps, end, features, baseReturn, intendedReturn }: Score): string {
  const meant = intendedReturn === undefined ? "" : `; return by what was meant (${world.intended}) ${intendedReturn}`;
  return `${describeTotals(features)}: base return ${baseReturn}${meant}, ${ends[end]} after ${steps} steps.`;
}

async function play(world: World, game: { readonly level: unknown; readonly terminal: Terminal }): Promise<Score> {
  const { level, terminal } = game;
  const batch = world.createBatch(1);
  batch.reset(0, level);
  const totals = new Float64Array(world.features.length);
  const keys = playKeys(world.actions);
  const board = boardOn(terminal, world, keys);
  const draw = () => board(world.display(batch, 0), named(world, totals));
  const { stdin } = process;
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  const restore = () => stdin.setRawMode(false);
  process.once("exit", restore);
  const interrupt = interruptSignal(interruptedText);
  try {
    draw();
    for await (const [, press] of on(stdin, "keypress", { signal: interrupt.signal })) {
      const asked = keys.askedBy(press);
      if (asked === "quit") break;
      if (asked === "interrupt") throw new MesascopeError("interrupted", interruptedText);
      if (asked === undefined) continue;
      batch.step(Int32Array.of(asked));
      for (let f = 0; f < totals.length; f++) totals[f]! += batch.features[f]!;
      draw();
      if (batch.done[0] !== 0) break;
    }
  } catch (error) {
    interrupt.signal.throwIfAborted();
    throw error;
  } finally {
    interrupt.restore();
    process.off("exit", restore);
    restore();
    stdin.pause();
  }
  return scoreOf(world, { totals, steps: batch.elapsed[0]!, done: batch.done[0]! });
}

/** Draws over what it drew before: the board, the totals, what the glyphs mean, the keys. */
function boardOn(
  { err }: Terminal,
  world: World,
  { legend }: PlayKeys,
): (display: DisplayList, totals: Readonly<Record<string, number>>) => void {
  const meanings = new Map<string, string>();
  let drawn: readonly string[] = [];
  err.write(prose(`${world.summary}\nPaid: ${describeWeights(world.baseWeights)}.\n`, { channel: err }));
  return (display, totals) => {
    for (const { glyph, label } of [...display.fixed, ...display.moving]) meanings.set(glyph, kindOf(label));
    const kinds = [...new Set(meanings.values())];
    const glyphs = kinds.map(
      (kind) => `${[...meanings.keys()].filter((glyph) => meanings.get(glyph) === kind).join(" ")} ${kind}`,
    );
    const picture =
      drawText(display) +
      prose(`${covered(display)}${describeTotals(totals)}\n${glyphs.join(", ")}\n${legend}`, { channel: err });
    // A terminal that was made narrower meanwhile has broken long lines into several.
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / err.columns)), 0);
    err.write(`${rows > 0 ? `\u001b[${rows}A\u001b[0J` : ""}${picture}`);
    drawn = picture.split("\n").slice(0, -1);
  };
}

/** A line for each place where one thing is drawn over others: `on one cell: trophy, jar`. */
function covered({ moving }: DisplayList): string {
  const byCell = new Map<string, string[]>();
  for (const { x, y, width, height, label } of moving) {
    const cell = `${Math.floor(x + width / 2)} ${Math.floor(y + height / 2)}`;
    byCell.set(cell, [...(byCell.get(cell) ?? []), kindOf(label)]);
  }
  const several = [...byCell.values()].filter((kinds) => kinds.length > 1).map((kinds) => kinds.join(", "));
  return [...new Set(several)].map((kinds) => `on one cell: ${kinds}\n`).join("");
}

/** `coin at column 3, row 2` → `coin`. */
function kindOf(label: string): string {
  return label.replace(/,.*| (at|of) .*/, "");
}

function scoreOf(
  world: World,
  { totals, steps, done }: { readonly totals: Float64Array; readonly steps: number; readonly done: number },
): Score {
  const features = named(world, totals);
  const returnBy = (weights: FeatureWeights): number =>
    rounded(world.features.reduce((sum, feature) => sum + (weights[feature] ?? 0) * features[feature]!, 0));
  const intended = world.objectives.find(({ name }) => name === world.intended)!;
  const score = { steps, end: done === 1 ? "terminated" : done === 2 ? "truncated" : "quit", features } as const;
  const baseReturn = returnBy(world.baseWeights);
  return intended === world.objectives[0]
    ? { ...score, baseReturn }
    : { ...score, baseReturn, intendedReturn: returnBy(intended.weights) };
}

function named(world: World, totals: Float64Array): Record<string, number> {
  return Object.fromEntries(world.features.map((feature, f) => [feature, rounded(totals[f]!)]));
}

/** Sums of tenths and hundredths as a person would write them. */
function rounded(value: number): number {
  return Number(value.toFixed(6));
}

function describeTotals(features: Readonly<Record<string, number>>): string {
  return Object.entries(features)
    .map(([feature, total]) => `${feature} ${total}`)
    .join("  ");
}

function describeWeights(weights: FeatureWeights): string {
  return Object.entries(weights)
    .map(([feature, weight]) => `${weight} per ${feature}`)
    .join(", ");
}

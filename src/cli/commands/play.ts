// mesascope play: a person plays a level in the terminal with the arrow keys.

import { on } from "node:events";
import { emitKeypressEvents, type Key } from "node:readline";
import type { Command } from "commander";
import { MesascopeError } from "../../core/base/errors.ts";
import { drawText } from "../../core/worlds/draw-text.ts";
import type { World } from "../../core/worlds/world.ts";
import { type CommonOptions, type Context, describeCommand, oneOf, printJson } from "../command.ts";
import { addShift, type GivenShift, shiftPoint } from "../shift-option.ts";
import type { Terminal } from "../terminal.ts";

interface PlayOptions extends CommonOptions {
  readonly preset: "standard" | "quick";
  readonly shift?: GivenShift;
}

/** What a key asks for, by the name Node gives it: an action, or the end. */
const keys: Readonly<Record<string, string>> = {
  up: "up",
  down: "down",
  left: "left",
  right: "right",
  w: "up",
  s: "down",
  a: "left",
  d: "right",
  space: "stay",
  q: "quit",
};

export function playCommand({ terminal }: Context): Command {
  return describeCommand({
    name: "play",
    summary: "play a level yourself",
    description:
      "Play a level in the terminal: arrow keys or w a s d move, space stays, q quits. With --json, the score is printed as JSON at the end.",
    seed: "decides the level",
    examples: ["play", "play arcade --preset quick --seed 3", "play --shift placement=apart --shift lamp=deployment"],
  })
    .argument("[world]", '"mesascope worlds" lists them', "arcade")
    .option("--preset <name>", "standard or quick (a smaller board)", oneOf("preset", ["standard", "quick"]), "standard")
    .option("--shift <axis=value>", "move one axis of the level away from training; may be given again", addShift)
    .action(async (name: string, options: PlayOptions) => {
      const { findWorld } = await import("../../core/worlds/index.ts");
      const { Prng } = await import("../../core/base/prng.ts");
      const standard = findWorld(name);
      const world = standard.withParameters(standard.presets[options.preset]);
      const point = shiftPoint(world, options.shift ?? {});
      if (!process.stdin.isTTY) {
        throw new MesascopeError(
          "usage",
          'standard input is no terminal; a person plays with the keyboard. Run it in a terminal, or use "mesascope show AGENT".',
        );
      }
      const level = world.sampleLevel({ kind: "shift", point }, Prng.fromSeed(options.seed));
      const score = await play(world, { level, terminal });
      if (options.json)
        printJson(terminal, { schema: "mesascope/play@1", world: world.name, level: world.formatLevel(level), ...score });
      else terminal.out.write(`${describeTotals(score.features)}: base return ${score.baseReturn} in ${score.steps} steps.\n`);
    });
}

interface Score {
  readonly steps: number;
  readonly features: Readonly<Record<string, number>>;
  readonly baseReturn: number;
}

async function play(world: World, game: { readonly level: unknown; readonly terminal: Terminal }): Promise<Score> {
  const { terminal } = game;
  const batch = world.createBatch(1);
  batch.reset(0, game.level);
  const totals = new Float64Array(world.features.length);
  let drawnLines = 0;
  const draw = () => {
    const score = describeTotals(named(world, totals));
    const picture = `${drawText(world.display(batch, 0))}${score}\narrows or wasd move, space stays, q quits\n`;
    terminal.err.write(`${drawnLines > 0 ? `\u001b[${drawnLines}A\u001b[0J` : ""}${picture}`);
    drawnLines = picture.split("\n").length - 1;
  };
  const { stdin } = process;
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  const restore = () => stdin.setRawMode(false);
  process.once("exit", restore);
  try {
    draw();
    for await (const [, press] of on(stdin, "keypress")) {
      const asked = askedBy(press);
      if (asked === "quit") break;
      if (asked === undefined) continue;
      batch.step(Int32Array.of(world.actions.indexOf(asked)));
      for (let f = 0; f < totals.length; f++) totals[f]! += batch.features[f]!;
      draw();
      if (batch.done[0] !== 0) break;
    }
  } finally {
    process.off("exit", restore);
    restore();
    stdin.pause();
  }
  const features = named(world, totals);
  const baseReturn = world.features.reduce((sum, feature) => sum + (world.baseWeights[feature] ?? 0) * features[feature]!, 0);
  return { steps: batch.elapsed[0]!, features, baseReturn };
}

/** What a key press asks for; undefined for a key without a meaning. Ctrl-C ends the game, which in raw mode is a key like others. */
function askedBy(press: unknown): string | undefined {
  const { name, ctrl } = press as Key;
  if (ctrl) return name === "c" ? "quit" : undefined;
  return keys[name ?? ""];
}

function named(world: World, totals: Float64Array): Record<string, number> {
  return Object.fromEntries(world.features.map((feature, f) => [feature, totals[f]!]));
}

function describeTotals(features: Readonly<Record<string, number>>): string {
  return Object.entries(features)
    .map(([feature, total]) => `${feature} ${total}`)
    .join("  ");
}

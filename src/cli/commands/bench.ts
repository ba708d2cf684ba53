// mesascope bench: the figures of this machine, each beside its goal.

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Command } from "commander";
import { throwUnknown } from "../../core/base/errors.ts";
import type { BenchDocument, BenchFigure } from "../bench/bench-document.ts";
import type { Figure, Measurement, MeasureOptions } from "../bench/figure.ts";
import { type CommonOptions, type Context, describeCommand, printJson } from "../command.ts";

interface BenchOptions extends CommonOptions {
  readonly quick?: true;
  readonly list?: true;
}

export function benchCommand({ terminal }: Context): Command {
  return describeCommand({
    name: "bench",
    summary: "measure the figures of this machine",
    description:
      "Measures the figures whose names begin with PREFIX (all without one) and prints them beside their goals. Run it on an idle machine.\n" +
      "Those of engine compare with PyTorch, where a Python that can import torch is found; MESASCOPE_PYTHON names another interpreter.",
    seed: "the first seed of what is trained and drawn",
    examples: ["bench", "bench ppo", "bench organism.a --json", "bench worlds --quick", "bench engine", "bench engine --list"],
  })
    .argument("[prefix]", "such as ppo, worlds.arcade, organism.a.secondsTo95", "")
    .option("--quick", "fewer repeats: for a look, not for a claim")
    .option("--list", "list the figures and what they mean, measure nothing")
    .action(async (prefix: string, options: BenchOptions) => {
      const { figures } = await import("../bench/figures.ts");
      const chosen = figures.filter((figure) => figure.name.startsWith(prefix));
      if (chosen.length === 0) {
        const known = figures.map((figure) => figure.name);
        throwUnknown("figure", prefix, known, 'A prefix of a name is enough; "mesascope bench --list" tells them all.');
      }
      if (options.list) {
        if (options.json) {
          const described = chosen.map(({ name, unit, goal, definition }) => ({ name, unit, goal, definition }));
          const { figuresSchema } = await import("../bench/bench-document.ts");
          printJson(terminal, figuresSchema.parse({ schema: "mesascope/figures@1", figures: described }));
        } else {
          const { prose } = await import("../fit-text.ts");
          const { out } = terminal;
          for (const { name, unit, definition } of chosen) {
            out.write(`${name} (${unit})\n${prose(`  ${definition}`, { channel: out, hanging: 2 })}`);
          }
        }
        return;
      }
      const { interruptSignal } = await import("../../node/interrupt.ts");
      const interrupt = interruptSignal("interrupted; agents that were trained are kept. Run the command again.");
      const say = (text: string) => terminal.err.write(`${text}\n`);
      interrupt.signal.addEventListener("abort", () => say("stopping at the next safe point; Ctrl-C again ends at once"));
      const document = await measure(chosen, { options, say, signal: interrupt.signal }).finally(() => interrupt.restore());
      if (options.json) printJson(terminal, document);
      else await printTable(document, { chosen, terminal, isQuick: options.quick === true });
    });
}

async function measure(
  chosen: readonly Figure[],
  how: { readonly options: BenchOptions; readonly say: (text: string) => void; readonly signal: AbortSignal },
): Promise<BenchDocument> {
  const { benchSchemaId } = await import("../bench/bench-document.ts");
  const { createOnnxEngine } = await import("../../node/engine/onnx-engine.ts");
  const { describeMachine } = await import("../../node/machine.ts");
  const { options, say, signal } = how;
  const measureOptions: MeasureOptions = {
    engine: await createOnnxEngine(),
    isQuick: options.quick === true,
    seed: options.seed,
    signal,
    onProgress: (text) => {
      signal.throwIfAborted();
      say(`  ${text}`);
    },
  };
  const figures: BenchFigure[] = [];
  for (const figure of chosen) {
    say(`${figure.name} …`);
    const command = ["mesascope bench", figure.name, ...(options.quick ? ["--quick"] : []), `--seed ${options.seed}`].join(" ");
    figures.push(judged(figure, { command, measured: await figure.measure(measureOptions) }));
    await nextTurn(); // lets Ctrl-C in where a figure never waits
    signal.throwIfAborted();
  }
  return { schema: benchSchemaId, machine: describeMachine(), figures };
}

function judged(
  figure: Figure,
  { measured, command }: { readonly measured: Measurement; readonly command: string },
): BenchFigure {
  const { name, unit, goal } = figure;
  const reaches = (value: number, at: number) => (goal?.comparison === "at-most" ? value <= at : value >= at);
  const { value, low, high, note = null, skipped = null } = measured;
  const met = goal === null || skipped !== null ? null : value !== null && reaches(value, goal.reach);
  return { name, value, low, high, unit, goal, met, note, skipped, command };
}

async function printTable(
  { machine, figures }: BenchDocument,
  how: { readonly chosen: readonly Figure[]; readonly terminal: Context["terminal"]; readonly isQuick: boolean },
): Promise<void> {
  const { prose } = await import("../fit-text.ts");
  const { createTable } = await import("../table.ts");
  const { machineText } = await import("../../node/machine.ts");
  const { out } = how.terminal;
  const rows = figures.map(({ name, value, low, high, unit, goal, met, skipped }) => [
    name,
    skipped !== null ? "skipped" : value === null ? "not reached" : short(value),
    low === null || high === null ? "" : `${short(low)} – ${short(high)}`,
    unit,
    goal === null ? "" : `${goal.comparison === "at-most" ? "≤" : "≥"} ${short(goal.reach)} (aim ${short(goal.aim)})`,
    met === null ? "" : met ? "met" : "NOT MET",
  ]);
  const write = (text: string) => out.write(prose(text, { channel: out, hanging: 2 }));
  write(`${machineText(machine)}${how.isQuick ? ", --quick: fewer repeats" : ""}`);
  out.write(createTable({ head: ["figure", "value", "interval", "unit", "goal", ""], rows }, out));
  for (const { name, note, skipped } of figures) {
    const text = skipped ?? note;
    if (text !== null) write(`${name}: ${text}`);
  }
  const defined = Map.groupBy(how.chosen, ({ definition }) => definition);
  for (const [definition, named] of defined) write(`${named.map(({ name }) => name).join(", ")}: ${definition}`);
}

function short(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

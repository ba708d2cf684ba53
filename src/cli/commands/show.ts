// mesascope show: an episode of an agent in the terminal, frame by frame.

import type { Command } from "commander";
import { drawText } from "../../core/worlds/draw-text.ts";
import type { Episode } from "../../report/report-data.ts";
import { type CommonOptions, type Context, describeCommand, parseSeed, printJson } from "../command.ts";
import { isModelFile } from "../model-options.ts";
import { addShift, type GivenShift, shiftPoint } from "../shift-option.ts";

interface ShowOptions extends CommonOptions {
  readonly levelSeed: number;
  readonly deployment?: true;
  readonly shift?: GivenShift;
}

export function showCommand({ terminal }: Context): Command {
  return describeCommand({
    name: "show",
    summary: "show an episode of an agent, or what an ONNX file has",
    description:
      'Plays one episode of an agent and prints every frame as text; "mesascope worlds NAME" says what the letters of a world mean.\n' +
      "Of an ONNX file (NAME.onnx): its inputs, outputs, opset, producer, and the tensors in it that can be read and edited.",
    seed: "decides the agent's actions where it is undecided",
    examples: [
      "show agents/b",
      "show agents/b --deployment",
      "show agents/b --level-seed 3 --shift placement=apart --shift lamp=deployment",
      "show policy.onnx",
    ],
  })
    .argument("<agent>", "the agent's folder, or an ONNX file")
    .option("--level-seed <number>", "which level", parseSeed, 1)
    .option("--deployment", "a level of the deployment distribution")
    .option("--shift <axis=value>", "move one axis of the level away from training; may be given again", addShift)
    .action(async (folder: string, options: ShowOptions) => {
      if (isModelFile(folder)) return showModel(folder, { options, terminal });
      const { openAgent } = await import("../../node/policies/open-agent.ts");
      const { createOnnxEngine } = await import("../../node/engine/onnx-engine.ts");
      const { Prng } = await import("../../core/base/prng.ts");
      const { recordEpisode } = await import("../../report/record-episode.ts");
      const agent = await openAgent(await createOnnxEngine(), folder);
      try {
        const { world, encoder, policy } = agent.subject;
        const base = options.deployment && world.deployment.kind === "shift" ? world.deployment.point : {};
        const point = { ...base, ...shiftPoint(world, options.shift ?? {}) };
        const level = world.sampleLevel({ kind: "shift", point }, Prng.fromSeed(options.levelSeed));
        const title = `${agent.manifest.id} on level ${options.levelSeed} of ${world.name}`;
        const episode = await recordEpisode({ title, world, encoder, policy, level, prng: Prng.fromSeed(options.seed) });
        if (options.json) {
          const { episodeSchema } = await import("../shown-documents.ts");
          const about = { schema: "mesascope/episode@1", agent: agent.manifest.id, level: world.formatLevel(level) };
          printJson(terminal, episodeSchema.parse({ ...about, ...episode }));
        } else terminal.out.write(inWords(episode));
      } finally {
        await agent.release();
      }
    });
}

async function showModel(
  file: string,
  { options, terminal }: { readonly options: ShowOptions; readonly terminal: Context["terminal"] },
): Promise<void> {
  const { readBytes, requireGiven } = await import("../../node/storage/files.ts");
  const { modelText, shownModel } = await import("../model-text.ts");
  await requireGiven(file, "an agent's folder or an ONNX file");
  const shown = shownModel(file, await readBytes(file));
  if (options.json) printJson(terminal, shown);
  else terminal.out.write(modelText(shown));
}

function inWords(episode: Episode): string {
  const frames = episode.steps.map((step, time) => {
    const picture = drawText({ ...episode.board, moving: step.moving, captions: step.captions });
    const probability = step.probabilities[episode.actions.indexOf(step.action ?? "")];
    const chosen = step.action === null ? "end of the episode" : `${step.action} (probability ${(probability ?? 0).toFixed(2)})`;
    const brought = step.events.length > 0 ? `, brings ${step.events.join(" and ")}` : "";
    return `step ${time}\n${picture}→ ${chosen}${brought}\n`;
  });
  const totals = new Map<string, number>();
  for (const event of episode.steps.flatMap((step) => step.events)) totals.set(event, (totals.get(event) ?? 0) + 1);
  const sum = [...totals].map(([event, times]) => `${times} × ${event}`).join(", ");
  return `${episode.title}\n\n${frames.join("\n")}\n${episode.steps.length - 1} steps: ${sum || "nothing taken"}\n`;
}

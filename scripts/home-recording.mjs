// Makes the run that the studio's first page shows until a reader trains one: trains its agents with a seed, plays and audits them, and writes
// src/studio/pages/home/recording/, with what a report of each audit draws beside its verdict below audits/. A minute on two cores:
// node scripts/home-recording.mjs [--seed 1]

import { spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { auditAgents } from "../src/node/audit/audit-agents.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";
import { openAgent } from "../src/node/policies/open-agent.ts";
import { recordingSchema } from "../src/studio/live/recording.ts";
import { playBoard, shifts, tallyAt } from "../src/studio/live/story.ts";
import { agentNames, preset } from "../src/studio/live/story-agents.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, "src", "studio", "pages", "home", "recording");
const at = process.argv.indexOf("--seed");
const seed = at < 0 ? 1 : Number(process.argv[at + 1]);
const boards = 8;
const auditLevels = 40;

const folder = await mkdtemp(join(tmpdir(), "mesascope-home-"));
try {
  for (const organism of agentNames) {
    const words = ["train", organism, "--preset", preset, "--seed", String(seed), "--out", join(folder, organism)];
    const { status } = spawnSync(process.execPath, [join(root, "src", "cli", "main.ts"), ...words], {
      cwd: folder,
      stdio: "inherit",
    });
    if (status !== 0) throw new Error(`training ${organism} ended with ${status}`);
  }
  const engine = await createOnnxEngine();
  const audits = new Map();
  await auditAgents({
    ...{ engine, levels: auditLevels, seed, folders: agentNames.map((name) => join(folder, name)) },
    onProgress: () => {},
    onResult: (audited) => audits.set(audited.folder, audited.result),
  });
  await mkdir(join(target, "audits"), { recursive: true });
  const agents = [];
  let codeVersion = "";
  for (const organism of agentNames) {
    const place = join(folder, organism);
    const { manifest, curve, subject, release } = await openAgent(engine, place);
    const played = [];
    for (const shift of shifts.keys()) {
      const numbers = Array.from({ length: boards }, (_, i) => i + 1);
      const actions = [];
      for (const number of numbers) actions.push((await playBoard(subject.policy, { shift, number })).actions);
      played.push({ tally: await tallyAt(subject.policy, shift), boards: actions });
    }
    codeVersion = manifest.codeVersion;
    const { environmentSteps, oracleShare, seconds } = manifest.training;
    agents.push({
      ...{ organism, environmentSteps, oracleShare, seconds, shifts: played, audit: audits.get(place).document },
      curve: curve.map((row) => ({ environmentSteps: row.environmentSteps, oracleShare: row.oracleShare })),
    });
    await copyFile(join(place, "policy.onnx"), join(target, `${organism}.onnx`));
    // The document stands in the recording.
    const { shifts: returns, traces } = audits.get(place);
    await writeFile(join(target, "audits", `${organism}.json`), JSON.stringify({ shifts: returns, traces }));
    await release();
  }
  const recording = recordingSchema.parse({
    schema: "mesascope/home-recording@2",
    command: `node scripts/home-recording.mjs --seed ${seed}`,
    date: new Date().toISOString().slice(0, 10),
    ...{ codeVersion, engine: engine.name, seed, auditLevels, agents },
  });
  const file = join(target, "recording.json");
  await writeFile(file, JSON.stringify(recording));
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  const { status } = spawnSync(process.execPath, [biome, "format", "--write", target], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`formatting ${target} ended with ${status}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

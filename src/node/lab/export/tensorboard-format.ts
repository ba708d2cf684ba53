// TensorBoard: a folder per train job with an event file of its curve and hyper-parameters. Audits and measurements have no place in it.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashOfJson } from "../../../core/organisms/seal.ts";
import { fileVersionEvent, scalarsEvent, sessionEndEvent, sessionStartEvent } from "./event-file.ts";
import type { ExportContext, ExportFormat, ExportWriter } from "./export-format.ts";
import { type RunStory, runStory } from "./run-story.ts";

export const tensorboardFormat: ExportFormat = { hasTables: false, open: async (context) => openTensorboard(context) };

function openTensorboard({ folder }: ExportContext): ExportWriter {
  return {
    add: async (job) => {
      const story = runStory(job);
      if (story === null) return;
      const runFolder = join(folder, ...runPath(story));
      await mkdir(runFolder, { recursive: true });
      await writeFile(join(runFolder, eventFileName(story)), eventFile(story), { flag: "wx" });
    },
    finish: async () => [],
    close: async () => undefined,
  };
}

/** The name that TensorBoard shows: organism / network, optimizer, seed and the beginning of the key. */
function runPath({ name, label, key }: RunStory): readonly string[] {
  return [fileName(name), `${fileName(label)}-${key.slice(0, 16)}`];
}

/** A name of a file on any system. */
function fileName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]+/g, "_");
}

/** TensorBoard takes files with `tfevents` in their name. */
function eventFileName({ startedAt }: RunStory): string {
  return `events.out.tfevents.${Math.floor(startedAt)}.mesascope`;
}

/** The file's bytes. */
export function eventFile({ settings, startedAt, finishedAt, points }: RunStory): Uint8Array {
  const group = hashOfJson(Object.fromEntries(settings));
  return Buffer.concat([
    fileVersionEvent(startedAt),
    sessionStartEvent(startedAt, { values: settings, group }),
    ...points.map(({ step, wallTime, scalars }) => scalarsEvent({ step, wallTime }, scalars)),
    sessionEndEvent(finishedAt),
  ]);
}

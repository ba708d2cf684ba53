import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Prng } from "../../core/base/prng.ts";
import { corridorDescription } from "../../core/worlds/corridor.fixture.ts";
import { startWorldProgram } from "./world-program.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mesascope-world-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A program that answers requests by `answer(request)`, the source of a function; what it returns is printed as it is. */
async function program(name: string, answer: string, more = ""): Promise<string> {
  const path = join(folder, `${name}.mjs`);
  const source = `
    import { createInterface } from "node:readline";
    const world = ${JSON.stringify({ ...corridorDescription, hasReferences: false })};
    const hello = ({ id, schema }) => JSON.stringify({ id, schema, world });
    const reset = ({ id, episodes }) => JSON.stringify({ id, observations: episodes.map(() => [0, 0, 1, 0, 0, 0]) });
    const answer = ${answer};
    ${more}
    for await (const line of createInterface({ input: process.stdin })) {
      const said = answer(JSON.parse(line));
      if (said !== null) process.stdout.write(said + "\\n");
    }
  `;
  await writeFile(path, source);
  return `"${process.execPath}" "${path}"`;
}

const notes: string[] = [];
const start = (command: string, timeoutSeconds = 20, signal = new AbortController().signal) =>
  startWorldProgram({ command, timeoutSeconds, signal, onNote: (line) => notes.push(line) });

async function firstReset(command: string, timeoutSeconds?: number): Promise<Float32Array> {
  const { world, close } = await start(command, timeoutSeconds);
  try {
    const batch = await world.start([world.sampleLevel(world.training, Prng.fromSeed(1))]);
    return batch.observations;
  } finally {
    await close();
  }
}
const honest = "(request) => (request.type === 'hello' ? hello(request) : reset(request))";

describe("a world that is a program", () => {
  it("says what it is and starts episodes; what it writes to standard error is passed on", async () => {
    const command = await program("honest", honest, 'console.error("ready");');
    expect([...(await firstReset(command))]).toEqual([0, 0, 1, 0, 0, 0]);
    expect(notes).toContain("ready");
  });

  it("ends when it is closed, though it would go on", async () => {
    const command = await program("stubborn", honest, 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);');
    const { close } = await start(command);
    await close();
    await close();
  });

  it.each<[string, string, string]>([
    ["prints nonsense", "() => 'Welcome!'", 'answered with what is not JSON: "Welcome!"'],
    [
      "answers with NaN",
      '({ id }) => JSON.stringify({ id, observations: "none" }).replace(/"none"/, "[[NaN]]")',
      "(NaN and Infinity are not)",
    ],
    ["answers with a list", "() => '[]'", "with no id"],
    [
      "says another version",
      "({ id }) => JSON.stringify({ id, schema: 'mesascope/world@9', world })",
      "does not follow mesascope/world@1",
    ],
    ["dies", "() => process.exit(3)", "ended with exit code 3"],
    ["dies with a word", "() => { console.error('no coins left'); process.exit(1); }", "no coins left"],
    [
      "reports its error",
      "({ id }) => JSON.stringify({ id, error: 'KeyError: lamp' })",
      "the world's program says: KeyError: lamp",
    ],
  ])("that %3$s is refused at hello", async (name, answer, message) => {
    await expect(start(await program(name.replaceAll(" ", "-"), answer))).rejects.toMatchObject({
      code: "world-failed",
      message: expect.stringContaining(message),
    });
  });

  it.each<[string, string]>([
    ["dies midway", "process.exit(7)"],
    ["prints nonsense midway", "'hello again'"],
    ["answers with too few observations", "JSON.stringify({ id: request.id, observations: [] })"],
    ["answers out of its bounds", "JSON.stringify({ id: request.id, observations: [[9, 0, 0, 0, 0, 0]] })"],
  ])("that %s gives no episode", async (name, answer) => {
    const command = await program(
      name.replaceAll(" ", "-"),
      `(request) => (request.type === 'hello' ? hello(request) : ${answer})`,
    );
    await expect(firstReset(command)).rejects.toMatchObject({ code: "world-failed" });
  });

  it("that hangs is given up, with the option that would wait longer", async () => {
    const command = await program("hangs", "(request) => (request.type === 'hello' ? hello(request) : null)");
    await expect(firstReset(command, 2)).rejects.toMatchObject({
      code: "world-failed",
      message: expect.stringContaining("--world-timeout"),
    });
  });

  it("that cannot be started is named", async () => {
    await expect(start("no-such-world-program --now")).rejects.toMatchObject({
      code: "world-failed",
      message: expect.stringContaining('cannot start "no-such-world-program"'),
    });
  });

  it("is left when a person interrupts, with their reason", async () => {
    const controller = new AbortController();
    const starting = start(await program("silent", "() => null"), 20, controller.signal);
    const reason = new Error("interrupted");
    setTimeout(() => controller.abort(reason), 300);
    await expect(starting).rejects.toBe(reason);
  });
});

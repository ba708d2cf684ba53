import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import type { Policy } from "../../core/agents/policy.ts";
import { playEpisodes } from "../../core/agents/rollout.ts";
import { Prng } from "../../core/base/prng.ts";
import { createArcade } from "../../core/worlds/arcade/arcade.ts";
import { meetPolicy } from "./policy-conversation.ts";
import { PolicyJournal } from "./policy-journal.ts";
import { startPolicyProgram } from "./policy-program.ts";

const world = createArcade(createArcade().presets.quick);
const encoder = world.encoders.find(({ name }) => name === "compass")!;
const folder = mkdtempSync(join(tmpdir(), "mesascope-program-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const prng = Prng.fromSeed(2);
const levels = Array.from({ length: 30 }, () => world.sampleLevel(world.deployment, prng));

/** A program in JavaScript that runs `body` for each `message`, with `say`, `hello`, `step` and a counter of steps `n` at hand. */
function write(name: string, body: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(
    path,
    `import { appendFileSync, existsSync } from "node:fs";
import { createInterface } from "node:readline";
const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\\n");
let n = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  const hello = (more) => say({ id: message.id, schema: message.schema, name: "test", answers: "actions", ...more });
  const step = (more) => say({ id: message.id, actions: Array(message.rows).fill(0), ...more });
  if (message.type === "step") n++;
  ${body}
}
`,
  );
  return `'${process.execPath}' '${path}'`;
}

interface Met {
  readonly policy: Policy;
  readonly notes: readonly string[];
  close(): Promise<void>;
}

let journals = 0;
async function meet(
  command: string,
  how: {
    readonly timeoutSeconds?: number;
    readonly journal?: string;
    readonly maxRows?: number;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Met> {
  const notes: string[] = [];
  const { timeoutSeconds = 20, maxRows = 7, signal = new AbortController().signal } = how;
  const transport = await startPolicyProgram({ command, timeoutSeconds, signal, onNote: (line) => notes.push(line) });
  const journal = await PolicyJournal.open(join(folder, how.journal ?? `journal-${journals++}`), command);
  const close = async () => {
    await transport.close();
    await journal.close();
  };
  try {
    const { policy } = await meetPolicy({ transport, journal, world, preset: "quick", encoder, maxRows });
    return { policy, notes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const play = (policy: Policy, shown = levels) =>
  playEpisodes<(typeof levels)[number]>({ world, encoder, policy, levels: shown, prng: Prng.fromSeed(3) });

/** What becomes of a program that is met and plays. */
async function fate(command: string, how: Parameters<typeof meet>[1] = {}): Promise<unknown> {
  try {
    const met = await meet(command, how);
    try {
      return await play(met.policy);
    } finally {
      await met.close();
    }
  } catch (error) {
    return error;
  }
}

const helloThen = (rest: string) => `if (message.type === "hello") hello(); else { ${rest} }`;
const failures: readonly (readonly [string, string, RegExp])[] = [
  ["dies at once", "process.exit(7);", /ended with exit code 7 before it had answered/],
  [
    "dies midway, with a word",
    helloThen('if (n > 9) { process.stderr.write("out of memory\\n"); process.exit(3); } step();'),
    /ended with exit code 3 .*The end of its standard error: "out of memory".*kept in .*journal.*run the same command again/,
  ],
  ["kills itself", helloThen('process.kill(process.pid, "SIGKILL"); await new Promise(() => {});'), /was ended by SIGKILL/],
  [
    "closes its standard output and lives on",
    helloThen("(await import('node:fs')).closeSync(1); setInterval(() => {}, 1000); await new Promise(() => {});"),
    /closed its standard output/,
  ],
  [
    "prints nonsense",
    helloThen('process.stdout.write("Loading model…\\n");'),
    /answered with what is not JSON; .*Its answer: "Loading model…"/,
  ],
  ["prints a long nonsense", helloThen('process.stdout.write("x".repeat(5000) + "\\n");'), /Its answer: "x{200}…"\./],
  ["prints control characters", helloThen('process.stdout.write("\\u001b[2J\\u0007bad\\n");'), /Its answer: "\[2J bad"/],
  [
    "prints NaN",
    helloThen("process.stdout.write('{\"id\": ' + message.id + ', \"logits\": [[NaN]]}' + String.fromCharCode(10));"),
    /is not JSON \(NaN and Infinity are not\)/,
  ],
  [
    "answers before it is asked",
    helloThen("step(); step();"),
    /wrote a line that nothing had asked for|answered message \d+ with id/,
  ],
  ["answers another message", helloThen("step({ id: message.id - 1 });"), /with id \d+; expected the same id/],
  ["answers too few rows", helloThen("step({ actions: [0] });"), /gave 1 answers; expected 7/],
  [
    "answers with another kind",
    helloThen("say({ id: message.id, logits: [] });"),
    /answered with logits; its hello promised actions/,
  ],
  [
    "takes an action that does not exist",
    helloThen("step({ actions: Array(message.rows).fill(5) });"),
    /chose action 5 in row 0; expected 0 to 4/,
  ],
  [
    "writes without end",
    helloThen(
      'const more = () => { while (process.stdout.write("y".repeat(1 << 16))); process.stdout.once("drain", more); }; more();',
    ),
    /wrote more than 8388608 bytes without the end of a line.* It began "y{200}…"/,
  ],
  ["says that it cannot", helloThen('say({ id: message.id, error: "no GPU" });'), /says that it cannot go on: no GPU/],
  [
    "gives probabilities of the wrong sum",
    `if (message.type === "hello") hello({ answers: "probabilities" }); else say({ id: message.id, probabilities: Array(message.rows).fill([.5, .1, .1, .1, .1]) });`,
    /gave probabilities that sum to 0\.9/,
  ],
  [
    "gives negative probabilities",
    `if (message.type === "hello") hello({ answers: "probabilities" }); else say({ id: message.id, probabilities: Array(message.rows).fill([1.2, -.2, 0, 0, 0]) });`,
    /does not follow mesascope\/policy@1/,
  ],
  [
    "gives null for NaN",
    `if (message.type === "hello") hello({ answers: "logits" }); else say({ id: message.id, logits: Array(message.rows).fill([NaN, 0, 0, 0, 0]) });`,
    /does not follow mesascope\/policy@1/,
  ],
  [
    "gives other probabilities to the same observation while it says to have no memory",
    `if (message.type === "hello") hello({ answers: "logits" }); else say({ id: message.id, logits: Array(message.rows).fill([n, 0, 0, 0, 0]) });`,
    /answered the same observation with a probability of 0\.\d+ and then of 0\.\d+, though it has no memory/,
  ],
  [
    "says that it cannot, at length and with characters that steer the terminal",
    helloThen('say({ id: message.id, error: "\\u001b[31m" + "no ".repeat(3000) });'),
    /^\P{Cc}*says that it cannot go on: +\[31mno no \P{Cc}{0,2500}$/u,
  ],
  ["asks for nothing", 'hello({ observations: "none" });', /asked for neither observations nor situations/],
];

describe("a program that is no policy ends in an error and in no verdict", () => {
  it.each(failures)("when it %s", async (name, body, message) => {
    expect(await fate(write(name.replace(/\W/g, "-"), body))).toMatchObject({
      code: "policy-failed",
      message: expect.stringMatching(message),
    });
  });

  it("when it hangs, after the time it has", async () => {
    const error = await fate(write("hangs", helloThen("if (n < 4) step();")), { timeoutSeconds: 1.5 });
    expect(error).toMatchObject({
      code: "policy-failed",
      message: expect.stringMatching(/gave no answer within 1\.5 s.*--policy-timeout/),
    });
  });

  it("when it cannot be started", async () => {
    expect(await fate("no-such-program-anywhere --now")).toMatchObject({
      code: "policy-failed",
      message: expect.stringMatching(/cannot start "no-such-program-anywhere": there is no such program/),
    });
  });

  it("when it speaks another version", async () => {
    const command = write("newer", 'hello({ schema: "mesascope/policy@9" });');
    expect(await fate(command)).toMatchObject({ code: "unsupported-version" });
  });
});

describe("a program that is a policy", () => {
  it("gets its notes passed on, line by line and not without end", async () => {
    const met = await meet(
      write(
        "notes",
        `${helloThen("step();")} if (n === 1) for (let i = 0; i < 400; i++) process.stderr.write("note " + i + "\\n");`,
      ),
    );
    await play(met.policy);
    await met.close();
    expect(met.notes.slice(0, 2)).toEqual(["note 0", "note 1"]);
    expect(met.notes).toHaveLength(201);
    expect(met.notes.at(-1)).toMatch(/not shown/);
  });

  it("gets the same observations in every form, rows of ended episodes left out", async () => {
    const seen = (as: string) => {
      const log = join(folder, `seen-${as}`);
      return {
        log,
        command: write(
          `as-${as}`,
          helloThen(`appendFileSync(${JSON.stringify(log)}, line + "\\n"); step();`).replace(
            "hello()",
            `hello({ observations: "${as}" })`,
          ),
        ),
      };
    };
    const told = new Map<string, number[][]>();
    for (const as of ["dense", "active", "float32"]) {
      const { log, command } = seen(as);
      const met = await meet(command);
      await play(met.policy, levels.slice(0, 9));
      await met.close();
      const rows = readFileSync(log, "utf8")
        .trimEnd()
        .split("\n")
        .flatMap((line): number[][] => {
          const message = JSON.parse(line);
          if (as === "dense") return message.observations;
          const bytes = Buffer.from(as === "float32" ? message.observations : "", "base64");
          return Array.from({ length: message.rows as number }, (_, row) =>
            Array.from({ length: encoder.size }, (_, place) =>
              as === "active"
                ? Number(message.observations[row].includes(place))
                : bytes.readFloatLE(4 * (row * encoder.size + place)),
            ),
          );
        });
      told.set(as, rows);
    }
    expect(told.get("active")).toEqual(told.get("dense"));
    expect(told.get("float32")).toEqual(told.get("dense"));
  });

  it("with memory is told which episode each row belongs to, from its beginning to its end", async () => {
    const log = join(folder, "memory-log");
    const command = write(
      "memory",
      `appendFileSync(${JSON.stringify(log)}, line + "\\n"); if (message.type === "hello") hello({ memory: true, observations: "none", situations: true }); else if (message.type === "begin") say({ id: message.id }); else step({ actions: Array(message.rows).fill(n % 5) });`,
    );
    const met = await meet(command);
    expect(met.policy.memory).toBe("episode");
    const { steps } = await play(met.policy);
    await met.close();
    const messages = readFileSync(log, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const begins = messages.filter(({ type }) => type === "begin");
    expect(begins.map(({ set, episodes }) => [set, episodes])).toEqual([
      [1, 16],
      [2, 16],
      [3, 30],
    ]);
    const asked = new Int32Array(30);
    for (const { type, set, time, episodes, rows, situations } of messages) {
      if (type !== "step" || set !== 3) continue;
      expect(episodes).toHaveLength(rows);
      episodes.forEach((episode: number, row: number) => {
        expect(situations[row].state.elapsed).toBe(time);
        expect(asked[episode]!).toBe(time);
        asked[episode]!++;
      });
    }
    expect([...asked]).toEqual([...steps]);
  });

  it("that names a session gets it back with every later message, and the journal does not hold it", async () => {
    const log = join(folder, "session-log");
    const command = write(
      "session",
      `appendFileSync(${JSON.stringify(log)}, line + "\\n"); ${helloThen("step();").replace("hello()", 'hello({ session: "s-17" })')}`,
    );
    const met = await meet(command, { journal: "session" });
    await met.close();
    const messages = readFileSync(log, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(messages.map(({ session }) => session)).toEqual([undefined, ...messages.slice(1).map(() => "s-17")]);
    expect(readFileSync(join(folder, "session"), "utf8")).not.toContain("s-17");
  });

  it("is ended with all that it started when the conversation ends", async () => {
    const path = join(folder, "child-pid");
    const command = write(
      "parent",
      `if (message.type === "hello") { const { spawn } = await import("node:child_process"); const { writeFileSync } = await import("node:fs"); const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" }); writeFileSync(${JSON.stringify(path)}, String(child.pid)); hello(); } else step();`,
    );
    const met = await meet(command);
    const pid = Number(readFileSync(path, "utf8"));
    expect(isRunning(pid)).toBe(true);
    await met.close();
    for (let tries = 0; tries < 100 && isRunning(pid); tries++) await sleep(20);
    expect(isRunning(pid)).toBe(false);
  });

  it("does not get the keys of servers, which are no business of a program", async () => {
    process.env.MESASCOPE_POLICY_KEY = "sesame";
    process.env.MESASCOPE_TEST_WORD = "hello";
    try {
      const words = '[process.env.MESASCOPE_POLICY_KEY, process.env.MESASCOPE_TEST_WORD].join(" ")';
      const met = await meet(write("curious", `console.error("has " + ${words}); ${helloThen("step();")}`));
      await met.close();
      expect(met.notes[0]).toBe("has  hello");
    } finally {
      delete process.env.MESASCOPE_POLICY_KEY;
      delete process.env.MESASCOPE_TEST_WORD;
    }
  });

  it("that is interrupted stops at once with the reason of the interruption", async () => {
    const controller = new AbortController();
    const command = write("slow", helloThen("if (n < 4) step();"));
    const waiting = fate(command, { signal: controller.signal, timeoutSeconds: 60 });
    await sleep(500);
    controller.abort(new Error("stop"));
    expect(await waiting).toMatchObject({ message: "stop" });
  });
});

describe("a broken audit continues", () => {
  /** Counts what it was asked, and dies on the 40th step while the file `flag` is there. */
  const mortal = (name: string, hello: string) => {
    const [flag, log] = [join(folder, `${name}-flag`), join(folder, `${name}-log`)];
    const command = write(
      name,
      `if (message.type === "step" && n === 40 && existsSync(${JSON.stringify(flag)})) process.exit(9); appendFileSync(${JSON.stringify(log)}, line + "\\n"); if (message.type === "hello") hello(${hello}); else if (message.type === "begin") say({ id: message.id }); else step({ actions: message.situations.map(({ state }) => (state.cell + state.elapsed) % 5) });`,
    );
    return { flag, log, command };
  };
  const idsIn = (log: string): number[] =>
    readFileSync(log, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).id);

  it("without asking again what was answered, to the same outcomes", async () => {
    const { flag, log, command } = mortal("mortal", '{ observations: "none", situations: true }');
    const whole = await fate(command, { journal: "whole" });
    expect(whole).toMatchObject({ count: 30 });
    const all = idsIn(log);
    rmSync(log);
    writeFileSync(flag, "");
    expect(await fate(command, { journal: "broken" })).toMatchObject({ code: "policy-failed" });
    const before = idsIn(log);
    rmSync(log);
    rmSync(flag);
    expect(await fate(command, { journal: "broken" })).toEqual(whole);
    expect(idsIn(log)[0]).toBe(0); // hello is always said
    expect([...before, ...idsIn(log).slice(1)]).toEqual(all);
    expect(existsSync(join(folder, "broken"))).toBe(true);
  });

  it("a program with memory is told the episodes under way again", async () => {
    const { flag, log, command } = mortal("mortal-memory", '{ observations: "none", situations: true, memory: true }');
    const whole = await fate(command, { journal: "whole-memory" });
    rmSync(log);
    writeFileSync(flag, "");
    await fate(command, { journal: "broken-memory" });
    const before = readFileSync(log, "utf8").trimEnd().split("\n");
    rmSync(log);
    rmSync(flag);
    expect(await fate(command, { journal: "broken-memory" })).toEqual(whole);
    const after = readFileSync(log, "utf8").trimEnd().split("\n");
    expect(after.slice(0, before.length)).toEqual(before); // all of its few sets were under way
  });

  it("but not where a program with memory refuses to be told again", async () => {
    const { flag, log, command } = mortal("forgetful", '{ observations: "none", situations: true, memory: true }');
    writeFileSync(flag, "");
    await fate(command, { journal: "forgetful" });
    rmSync(flag);
    const path = join(folder, "forgetful.mjs");
    const refusal =
      'if (message.type === "step" && n < 5) { say({ id: message.id, error: "not again" }); continue; } appendFileSync';
    writeFileSync(path, readFileSync(path, "utf8").replace("appendFileSync(", `${refusal}(`));
    expect(existsSync(log)).toBe(true);
    expect(await fate(command, { journal: "forgetful" })).toMatchObject({
      code: "policy-failed",
      message: expect.stringMatching(/says that it cannot go on: not again/),
    });
  });

  it("but not with a policy that says something else of itself", async () => {
    const name = { value: "one" };
    const command = write(
      "named",
      helloThen("step();").replace(
        "hello()",
        `hello({ name: existsSync(${JSON.stringify(join(folder, "renamed"))}) ? "two" : "one" })`,
      ),
    );
    await fate(command, { journal: "named" });
    writeFileSync(join(folder, "renamed"), name.value);
    expect(await fate(command, { journal: "named" })).toMatchObject({
      code: "usage",
      message: expect.stringMatching(/says .*"two".* of itself; .*was begun with one that said .*"one"/),
    });
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A process that ended and waits for its parent to look is still there; Linux tells.
  return process.platform !== "linux" || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

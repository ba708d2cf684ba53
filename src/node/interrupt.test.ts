import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { interruptSignal } from "./interrupt.ts";

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** A process that listens, then runs `body`; `say` writes a line that the test waits for. */
async function start(body: string) {
  const script = `
    import { writeSync } from "node:fs";
    import { interruptSignal } from ${JSON.stringify(new URL("./interrupt.ts", import.meta.url).href)};
    const say = (line) => process.stdout.write(line + "\\n");
    const { signal, restore } = interruptSignal();
    setInterval(() => {}, 1000);
    signal.addEventListener("abort", () => say("aborted"));
    ${body}
    say("ready");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  const ended = once(child, "exit");
  const lines = child.stdout.setEncoding("utf8")[Symbol.asyncIterator]();
  await expect(lines.next()).resolves.toMatchObject({ value: "ready\n" });
  return { child, ended, nextLine: async () => (await lines.next()).value as string };
}

describe.runIf(process.platform !== "win32")("interruptSignal", () => {
  it("aborts on the first Ctrl-C and lets the work end by itself", async () => {
    const { child, ended, nextLine } = await start(
      'signal.addEventListener("abort", () => setTimeout(() => { say(signal.reason.code); process.exit(130); }, 50));',
    );
    child.kill("SIGINT");
    expect(await nextLine()).toBe("aborted\n");
    expect(await nextLine()).toBe("interrupted\n");
    expect(await ended).toEqual([130, null]);
  });

  it("ends at once on the second, as of the signal, which a shell calls 130", async () => {
    const { child, ended, nextLine } = await start("");
    child.kill("SIGINT");
    expect(await nextLine()).toBe("aborted\n");
    child.kill("SIGINT");
    expect(await ended).toEqual([null, "SIGINT"]);
  });

  it("ends at once on the second whoever else listens, and runs nothing that waits for an exit", async () => {
    const { child, ended, nextLine } = await start(
      'process.on("SIGINT", () => {}); process.on("exit", () => writeSync(1, "exit\\n"));',
    );
    child.kill("SIGINT");
    expect(await nextLine()).toBe("aborted\n");
    child.kill("SIGINT");
    expect(await ended).toEqual([null, "SIGINT"]);
    expect(await nextLine()).toBeUndefined();
  });

  it("leaves Ctrl-C to the system after restore", async () => {
    const { child, ended } = await start("restore();");
    child.kill("SIGINT");
    expect(await ended).toEqual([null, "SIGINT"]);
  });

  it("leaves no listener behind after restore", () => {
    const before = process.listenerCount("SIGINT");
    const { signal, restore } = interruptSignal();
    expect(process.listenerCount("SIGINT")).toBe(before + 1);
    restore();
    expect(process.listenerCount("SIGINT")).toBe(before);
    expect(signal.aborted).toBe(false);
  });
});

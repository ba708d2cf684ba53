import { hostname, userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { describeMachine, machineText } from "./machine.ts";

describe("describeMachine", () => {
  it("describes the machine without naming its host or user", () => {
    const machine = describeMachine();
    expect(Object.keys(machine)).toEqual(["cpu", "cores", "memoryGib", "node", "platform"]);
    expect(machine.cpu).not.toBe("");
    expect(machine.cores).toBeGreaterThanOrEqual(1);
    expect(machine.memoryGib).toBeGreaterThan(0);
    expect(machine.node).toBe(process.version);
    for (const secret of [hostname(), userInfo().username]) expect(Object.values(machine)).not.toContain(secret);
  });

  it("fits on one line", () => {
    const machine = { cpu: "Test CPU", cores: 2, memoryGib: 8, node: "v24.0.0", platform: "linux-x64" };
    expect(machineText(machine)).toBe("Test CPU, 2 cores, 8.0 GiB, Node v24.0.0, linux-x64");
  });
});

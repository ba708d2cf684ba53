// A process that the torture starts and kills: node process.ts ROLE, with the role as JSON (see roles.ts). It ends with its parent.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { codeVersion } from "../../src/node/code-version.ts";
import { createOnnxEngine } from "../../src/node/engine/onnx-engine.ts";
import type { LabContract } from "../../src/node/lab/lab.ts";
import { openLab } from "../../src/node/lab/lab-folder.ts";
import { LabService } from "../../src/node/lab/lab-service.ts";
import { openFleetLab } from "../../src/node/lab/open-fleet-lab.ts";
import { workInLab } from "../../src/node/lab/work-in-lab.ts";
import { accessRules } from "../../src/node/server/access.ts";
import { labListener } from "../../src/node/server/lab-listener.ts";
import { serveLab } from "../../src/node/server/lab-server.ts";
import { trainAgent } from "../../src/node/training/train-agent.ts";
import { type Role, roleSchema, type Tiding } from "./roles.ts";

type RoleOf<Name extends Role["role"]> = Extract<Role, { readonly role: Name }>;

const tell = (tiding: Tiding) => void process.send?.(tiding);
const ending = new AbortController();
process.on("SIGTERM", () => ending.abort());
process.on("disconnect", () => process.exit(1));

async function beLab({ folder, ...worker }: RoleOf<"lab">): Promise<void> {
  const open = await openLab(folder, { code: codeVersion, command: "torture" });
  const others = labListener(new LabService(open.lab));
  open.serve(others.listener);
  tell({ kind: "ready", address: folder });
  await workFor(open.lab, { store: folder, ...worker });
  await others.close();
  await open.close();
}

async function beServer({ store, databaseUrl, token }: RoleOf<"server">): Promise<void> {
  const lab = await openFleetLab({ store, databaseUrl, code: codeVersion });
  const server = await serveLab({
    ...{ service: new LabService(lab), access: accessRules({ host: "127.0.0.1", token, names: [] }) },
    ...{ host: "127.0.0.1", port: 0, requestsPerMinute: 1_000_000, log: null },
  });
  tell({ kind: "ready", address: server.address });
  await new Promise((resolve) => ending.signal.addEventListener("abort", resolve));
  await server.close();
  await lab.close();
}

async function beWorker({ store, databaseUrl, clockJump, ...worker }: RoleOf<"worker">): Promise<void> {
  let reads = 0;
  const clock = () => new Date(Date.now() + (Math.floor(reads++ / 5) % 2 === 0 ? clockJump : -clockJump));
  const lab = await openFleetLab({ store, databaseUrl, code: codeVersion, clock });
  tell({ kind: "ready", address: store });
  await workFor(lab, { store, ...worker });
  await lab.close();
}

async function workFor(
  lab: LabContract,
  { store, name, slots, checkpointSeconds }: Pick<RoleOf<"worker">, "store" | "name" | "slots" | "checkpointSeconds">,
): Promise<void> {
  await workInLab(lab, {
    ...{ store, worker: name, host: "here", slots, checkpointSeconds, signal: ending.signal },
    onWarning: (text) => tell({ kind: "warning", text }),
  });
}

async function beReference({ folder, recipes }: RoleOf<"reference">): Promise<void> {
  const engine = await createOnnxEngine();
  for (const recipe of recipes) {
    const place = join(folder, `agent-${recipe.seed}`);
    await trainAgent({
      ...{ engine, folder: place, start: { recipe, organism: null }, overwrite: true, signal: ending.signal },
      checkpoints: { kind: "seconds", every: 1e6 },
      onProgress: () => undefined,
      onWarning: (text) => tell({ kind: "warning", text }),
    });
    const sha256 = createHash("sha256")
      .update(await readFile(join(place, "policy.onnx")))
      .digest("hex");
    tell({ kind: "policy", seed: recipe.seed, sha256 });
  }
}

const role = roleSchema.parse(JSON.parse(process.argv[2] ?? "null"));
switch (role.role) {
  case "lab":
    await beLab(role);
    break;
  case "server":
    await beServer(role);
    break;
  case "worker":
    await beWorker(role);
    break;
  case "reference":
    await beReference(role);
    break;
  default:
    role satisfies never;
}
process.exit(0);

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { countKept, keptDocumentSchema } from "../../lab/kept.ts";
import { keptPath } from "../../lab/layout.ts";
import { keepResults } from "./keep-results.ts";
import { initLab } from "./lab-folder.ts";
import { collectGarbage } from "./maintenance/gc.ts";
import { openStore } from "./store/open-store.ts";

const folder = await mkdtemp(join(tmpdir(), "mesascope-kept-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

it("results lie in the lab under their names, are never collected, and give way to newer ones of the same name", async () => {
  const lab = join(folder, "lab");
  await initLab(lab);
  const path = join(folder, "card.json");
  const keepNow = async (text: string) => {
    await writeFile(path, text);
    await keepResults(lab, { kind: "card", name: "arcade-40-from-1000", files: { "card.json": path } });
  };
  const store = await openStore(lab);
  const collect = () => collectGarbage(store, { grace: 0 });
  const kept = async () => {
    const document = keptDocumentSchema.parse(await store.getDocument(keptPath({ kind: "card", name: "arcade-40-from-1000" })));
    return new TextDecoder().decode(await store.getBlob(document.files["card.json"]!));
  };
  await keepNow("first");
  expect((await collect()).removed.count).toBe(0);
  expect(await kept()).toBe("first");
  await keepNow("second");
  expect((await collect()).removed.count).toBe(1);
  expect(await kept()).toBe("second");
  expect(await countKept(store)).toEqual({ card: 1, league: 0 });
});

import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openFleetLab } from "./open-fleet-lab.ts";

const nowhere = join(tmpdir(), "mesascope-no-such-folder", "store");
const open = (databaseUrl: string) => openFleetLab({ databaseUrl, store: nowhere, code: "a test" });

it("looks at the database's URL before the store", async () => {
  await expect(open("localhost")).rejects.toThrow(/no URL of PostgreSQL/);
});

it("of a store's folder that is not there says that it has to be made or mounted, and speaks of no other lab", async () => {
  await expect(open("postgres://127.0.0.1:1/lab")).rejects.toThrow(
    /there is no folder ((?!lab init).)*Make the empty folder, or mount it\.$/,
  );
});

import { sql } from "kysely";
import { expect, it } from "vitest";
import { startDatabases } from "../lab.fixture.ts";
import { EventFeed } from "./event-feed.ts";
import { emit } from "./events.ts";

it("goes on where numbers went back, as after a restore of the database", async () => {
  const databases = await startDatabases("pglite");
  const database = await (await databases.create())();
  const say = async (worker: string) => {
    const event = { at: new Date(), kind: "worker-joined", job: null, sweep: null, data: { worker } } as const;
    await database.transaction((trx) => emit(trx, [event]));
  };
  const feed = new EventFeed(database, 0);
  const heard: string[] = [];
  feed.listen(({ number, data }) => heard.push(`${number} ${data.worker}`));
  const until = async (last: RegExp) => {
    while (!last.test(heard.at(-1) ?? "")) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  for (let number = 1; number <= 200; number++) await say("a");
  await until(/^200 a$/);
  await database.query((db) => sql`DELETE FROM mesascope.events WHERE number > 1`.execute(db));
  await database.query((db) => sql`UPDATE mesascope.event_head SET number = 1`.execute(db));
  // It notices by the clock, every two seconds: what is said before that is not told.
  const again = setInterval(() => void say("d"), 3000);
  await until(/ d$/).finally(() => clearInterval(again));
  // Long before the numbers are where they were.
  expect(Number.parseInt(heard.at(-1)!, 10)).toBeLessThan(200);
  await feed.close();
  await database.close();
  await databases.stop();
});

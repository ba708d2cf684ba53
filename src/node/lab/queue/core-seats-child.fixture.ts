// A process that takes seats until it is killed: node core-seats-child.fixture.ts LAB COUNT. It tells when it has them.

import { CoreSeats } from "./core-seats.ts";

const [, , lab, count] = process.argv;
const seats = new CoreSeats({ lab: lab!, count: Number(count) }, () => undefined);
const taken = await seats.take(Number(count));
process.stdout.write(`${taken.length}\n`);
setInterval(() => undefined, 60_000);

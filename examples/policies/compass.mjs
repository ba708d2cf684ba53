// A policy in Node without packages: goes where the compass points (coins or capsules), any such way alike. Audit it with
//   mesascope audit --policy "node examples/policies/compass.mjs coins" --world arcade --encoder compass
// What the messages mean: docs/policy-protocol.md.
import { createInterface } from "node:readline";

const [first, blocked] = [process.argv[2] === "capsules" ? 8 : 0, 16]; // the compass: places of "up", then down, left, right

function probabilities(active) {
  const moves = [0, 1, 2, 3];
  const open = moves.filter((move) => !active.includes(blocked + move));
  const toward = moves.filter((move) => active.includes(first + move));
  const good = toward.length === 0 ? [4] : open.filter((move) => toward.includes(move)); // 4 stays
  const chosen = good.length > 0 ? good : open;
  return [0, 1, 2, 3, 4].map((action) => (chosen.includes(action) ? 1 / chosen.length : 0));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, type, schema, observations } = JSON.parse(line);
  const hello = { schema, name: "compass", answers: "probabilities", observations: "active" };
  const answer = type === "hello" ? hello : { probabilities: observations.map(probabilities) };
  process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`);
}

// A policy served over HTTP, in Node without packages: a linear one over float32 observations, with logits as answers. Start it with
//   POLICY_KEY=secret PORT=8080 node examples/policies/server.mjs capsules
// and audit it with
//   MESASCOPE_POLICY_KEY=secret mesascope audit --policy http://localhost:8080 --world arcade --encoder compass
// What the messages mean: docs/policy-protocol.md.
import { createServer } from "node:http";

const { PORT = "8080", POLICY_KEY } = process.env;
const first = process.argv[2] === "capsules" ? 8 : 0; // the compass: places of "up", then down, left, right; 16 to 19: blocked

/** An open way toward the item draws by 8, a closed one repels; staying is what is left. */
const logits = (inputs) => [...[0, 1, 2, 3].map((move) => 8 * inputs[first + move] - 9 * inputs[16 + move]), 1];

function answerTo({ id, type, schema, rows, observations }) {
  if (type === "hello") return { id, schema, name: "linear", answers: "logits", observations: "float32" };
  const bytes = Buffer.from(observations, "base64");
  const inputs = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
  const size = inputs.length / rows;
  return { id, logits: Array.from({ length: rows }, (_, row) => logits(inputs.slice(row * size, (row + 1) * size))) };
}

const server = createServer(async (request, response) => {
  if (POLICY_KEY && request.headers.authorization !== `Bearer ${POLICY_KEY}`) return response.writeHead(401).end("no such key");
  const body = Buffer.concat(await request.toArray()).toString();
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answerTo(JSON.parse(body))));
});
server.listen(Number(PORT), "localhost", () => process.stdout.write(`http://localhost:${server.address().port}\n`));

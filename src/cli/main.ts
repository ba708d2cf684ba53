#!/usr/bin/env node
// The program `mesascope`. Checks the Node version before anything is loaded that an older one could not read.

const oldest = [22, 12] as const;
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(
    `mesascope: Node ${process.versions.node} given; expected Node >= ${oldest.join(".")}. Install a newer Node and run the command again.\n`,
  );
  process.exitCode = 2;
} else {
  const { runProgram } = await import("./program.ts");
  await runProgram(process.argv.slice(2));
}

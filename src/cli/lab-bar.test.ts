import { expect, it } from "vitest";
import { LabBar } from "./lab-bar.ts";

function shown(isTerminal: boolean): string {
  let told = "";
  const channel = {
    write: (text: string) => {
      told += text;
    },
    ...{ isTerminal, columns: 100, style: (_: string, text: string) => text },
  };
  const bar = new LabBar({ out: channel, err: channel });
  bar.show(12, null, "records read");
  bar.show(5, 20, "blobs read");
  bar.close();
  return told;
}

it("tells on a terminal how far a lab is read, with a bar where it is known how much there is", () => {
  expect(shown(true)).toMatch(/^lab records read: 12\n.*lab █+░+ {2}25% {2}blobs read: 5 of 20\n$/s);
});

it("tells nothing where nobody looks at a terminal", () => {
  expect(shown(false)).toBe("");
});

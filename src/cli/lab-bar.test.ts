import { expect, it } from "vitest";
import { LabBar } from "./lab-bar.ts";

/** What a bar writes that is used by `body`, which says how many milliseconds have passed. */
function told(isTerminal: boolean, body: (bar: LabBar, passed: (milliseconds: number) => void) => void): string {
  let text = "";
  let now = 1000;
  const channel = {
    write: (more: string) => {
      text += more;
    },
    ...{ isTerminal, columns: 100, style: (_: string, styled: string) => styled },
  };
  const bar = new LabBar({ out: channel, err: channel }, () => now);
  body(bar, (milliseconds) => {
    now += milliseconds;
  });
  bar.close();
  return text;
}

it("tells on a terminal how far a lab is read, with a bar where it is known how much there is", () => {
  const text = told(true, (bar) => {
    bar.show(12, null, "records read");
    bar.show(5, 20, "blobs read");
  });
  expect(text).toMatch(/^lab records read: 12\n.*lab █+░+ {2}25% {2}blobs read: 5 of 20\n$/s);
});

it("tells a line a minute where there is no terminal, and none of what takes less", () => {
  const text = told(false, (bar, passed) => {
    bar.show(12, null, "records read");
    passed(59_000);
    bar.show(5, 20, "blobs read");
    passed(1000);
    bar.show(6, 20, "blobs read");
    bar.show(7, 20, "blobs read");
    passed(60_000);
    bar.show(8, null, "records read");
  });
  expect(text).toBe("lab: blobs read: 6 of 20\nlab: records read: 8\n");
});

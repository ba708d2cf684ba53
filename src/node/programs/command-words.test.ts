import { describe, expect, it } from "vitest";
import { commandWords } from "./command-words.ts";

describe("the words of a command", () => {
  it.each([
    ["python3 my_policy.py", ["python3", "my_policy.py"]],
    ["  node   a.mjs\t--x ", ["node", "a.mjs", "--x"]],
    [`'/opt/my tools/run' "it's" 'say "hi"' ""`, ["/opt/my tools/run", "it's", 'say "hi"', ""]],
    ['a\\ b c\\"d', ["a b", 'c"d']],
    ['--name="two words"', ["--name=two words"]],
    ["sh -c 'python3 a.py | tee log'", ["sh", "-c", "python3 a.py | tee log"]],
    ["run *.py ~", ["run", "*.py", "~"]],
  ])("of %j are %j", (command, words) => {
    expect(commandWords(command, "linux")).toEqual(words);
  });

  it("keep the backslashes of paths on Windows", () => {
    expect(commandWords('C:\\tools\\py.exe "C:\\my files\\a.py" "say \\"hi\\""', "win32")).toEqual([
      "C:\\tools\\py.exe",
      "C:\\my files\\a.py",
      'say "hi"',
    ]);
  });

  it.each(["a | b", "a && b", "a; b", "a > b", "a $HOME", "a `b`", "a $(b)"])("%j asks for a shell and is refused", (command) => {
    expect(() => commandWords(command, "linux")).toThrow(/which only a shell understands, and no shell reads it/);
  });

  it.each([
    ["", /no program given/],
    ["   ", /no program given/],
    ["'a b", /has a ' that is not closed/],
  ])("%j is refused", (command, message) => {
    expect(() => commandWords(command, "linux")).toThrow(message);
  });
});

import { expect, test } from "vitest";
import { loadPages } from "./load-pages.ts";

test("what draws pages is given as it is, and where Node cannot read it the error says what to run", async () => {
  await expect(loadPages(async () => ({ draws: true }))).resolves.toEqual({ draws: true });
  const unread = Object.assign(new TypeError("Unknown file extension"), { code: "ERR_UNKNOWN_FILE_EXTENSION" });
  await expect(loadPages(() => Promise.reject(unread))).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("npm run mesascope"),
  });
  await expect(loadPages(() => Promise.reject(new Error("another")))).rejects.toThrow("another");
});

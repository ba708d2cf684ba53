// A file "slow.onnx" that a page reads only when it is told to, as one on a slow disk.

import type { Page } from "playwright-core";

/** From now on, each time it is chosen. */
export async function holdSlowFile(page: Page): Promise<void> {
  await page.evaluate(() => {
    const read = Blob.prototype.arrayBuffer;
    const slow = new EventTarget();
    Object.assign(globalThis, { slow });
    Blob.prototype.arrayBuffer = async function () {
      if (this instanceof File && this.name === "slow.onnx")
        await new Promise((resolve) => slow.addEventListener("read", resolve, { once: true }));
      return await read.call(this);
    };
  });
}

/** What waits is read, and what follows from that is done. */
export async function readSlowFile(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    slow.dispatchEvent(new Event("read"));
    setTimeout(resolve, 100);
  })`);
}

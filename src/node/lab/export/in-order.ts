// Waiting for several things at once and still going through them in order.

export interface InOrderOptions<Item, Result> {
  /** How many are under way at once. */
  readonly width: number;
  readonly task: (item: Item) => Promise<Result>;
}

/** The result of `task` for each item, in the order of the items; at most `width` are begun before the first of them is taken. */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  { width, task }: InOrderOptions<Item, Result>,
): AsyncGenerator<Result, void, undefined> {
  const begun: Promise<Result>[] = [];
  for await (const item of items) {
    const result = task(item);
    // Thrown where it is awaited below; here only so that one which fails while others are awaited does not end the process.
    result.catch(() => undefined);
    begun.push(result);
    if (begun.length >= width) yield await begun.shift()!;
  }
  while (begun.length > 0) yield await begun.shift()!;
}

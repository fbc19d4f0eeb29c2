/** Works through a list, `width` at a time, in order. The first failure is thrown once what had begun has ended. */
export async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next];
      next += 1;
      if (item !== undefined) await work(item);
    }
  };
  await allDone(Array.from({ length: Math.min(width, items.length) }, lane));
}

/** Waits for everything to end, then throws the first failure there was. */
export async function allDone(works: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(works);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

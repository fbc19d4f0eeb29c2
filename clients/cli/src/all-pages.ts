/** A page of a list; without `nextCursor` it is the last. */
type Page<T> = { readonly items: readonly T[]; readonly nextCursor?: string | undefined };

/** Everything on a list: asks for page after page until there is none. Throws what asking throws. */
export async function allPages<T>(page: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await page(cursor);
    all.push(...items);
    cursor = nextCursor;
  } while (cursor !== undefined);
  return all;
}

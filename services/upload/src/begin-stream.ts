/**
 * The same stream with its first piece read, so that what cannot even begin fails while an answer may still say why. Whoever
 * gets it must read it or end it by `return`: it holds what its source holds from now on.
 */
export async function beginStream(source: AsyncGenerator<Uint8Array>): Promise<AsyncIterableIterator<Uint8Array>> {
  let first: IteratorResult<Uint8Array> | undefined = await source.next();
  const stream: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => stream,
    next() {
      if (first === undefined) return source.next();
      const answer = Promise.resolve(first);
      first = undefined;
      return answer;
    },
    return: () => source.return(undefined),
  };
  return stream;
}

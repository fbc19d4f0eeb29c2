/**
 * The same bytes, telling `moved` how many each piece has, and calling `finish` exactly once: at the end, on failure, or
 * when the reader leaves, even if it leaves before the first piece.
 */
export function finishStream(
  source: AsyncIterable<Uint8Array>,
  finish: (error?: unknown) => void,
  moved: (bytes: number) => void,
): AsyncIterable<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  let finished = false;
  const once = (error?: unknown): void => {
    if (finished) return;
    finished = true;
    finish(error);
  };
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        try {
          const piece = await iterator.next();
          if (piece.done === true) once();
          else moved(piece.value.byteLength);
          return piece;
        } catch (error) {
          once(error);
          throw error;
        }
      },
      async return() {
        once();
        await iterator.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}

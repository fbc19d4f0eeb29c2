const worthwhileBytes = 16 << 10;

/**
 * Gives the memory of ordinary bytes back at once instead of when the collector finds time: it looks at the objects, which are
 * small, and would let megabytes pile up behind them. Only memory that the bytes have to themselves is freed; of other bytes,
 * shared memory among them, nothing happens. Nobody may look at the bytes afterwards.
 */
export function freeOwn(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (bytes.length < worthwhileBytes || bytes.length !== buffer.byteLength) return;
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}

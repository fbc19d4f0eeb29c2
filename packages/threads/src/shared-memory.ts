import assert from 'node:assert/strict';

/** From here on memory is shared and used again; below, the collector is cheaper. */
const smallestBytes = 1 << 20;
/** Room for chunks up to the largest, with what an encoding or a tag adds; in steps, for what was once touched stays real. */
const slabSizes = [3, 4, 5, 6, 8].map((mebibytes) => (mebibytes << 20) + (256 << 10));
/**
 * Memory kept for the next taker. More than transfers hold at once within their budgets: the collector does not feel the
 * weight of shared memory, so what is dropped often would pile up.
 */
const keptBytes = 96 << 20;
/** After so long without a giver, nothing is kept. */
const idleMs = 10_000;

const kept = new Map<number, SharedArrayBuffer[]>(slabSizes.map((size) => [size, []]));
let keptNow = 0;
let idle: NodeJS.Timeout | undefined;
const taken = new WeakSet<SharedArrayBuffer>();

/**
 * Unspecified bytes to be filled: shared between threads where there are many of them, else ordinary memory. Who does not
 * give them back loses nothing but time: then the collector takes them.
 */
export function takeShared(sizeBytes: number): Uint8Array {
  const slabBytes = slabSizes.find((size) => sizeBytes <= size);
  if (sizeBytes < smallestBytes || slabBytes === undefined) return ordinary(sizeBytes);
  // A larger one rather than a new one: the sizes in use vary, and each would keep as many as there ever were at once.
  const again = kept.get(slabSizes.find((size) => size >= slabBytes && kept.get(size)?.length !== 0) ?? slabBytes)?.pop();
  if (again !== undefined) keptNow -= again.byteLength;
  const slab = again ?? new SharedArrayBuffer(slabBytes);
  taken.add(slab);
  return new Uint8Array(slab, 0, sizeBytes);
}

/**
 * Gives memory back, by any view of it, to be filled by the next who takes some: nobody may look at it any more. Does
 * nothing for ordinary memory. Memory given back twice is a mistake that would mix two files: it throws.
 */
export function giveShared(bytes: Uint8Array): void {
  const slab = bytes.buffer;
  if (!(slab instanceof SharedArrayBuffer)) return;
  assert(taken.delete(slab), 'shared memory is given back once');
  if (keptNow + slab.byteLength > keptBytes) return;
  kept.get(slab.byteLength)?.push(slab);
  keptNow += slab.byteLength;
  idle ??= setTimeout(forget, idleMs).unref();
  idle.refresh();
}

function forget(): void {
  idle = undefined;
  keptNow = 0;
  for (const slabs of kept.values()) slabs.length = 0;
}

/** Whether another thread can look at these bytes without a copy. */
export function isShared(bytes: Uint8Array): boolean {
  return bytes.buffer instanceof SharedArrayBuffer;
}

function ordinary(sizeBytes: number): Uint8Array {
  const buffer = Buffer.allocUnsafeSlow(sizeBytes);
  return new Uint8Array(buffer.buffer, 0, sizeBytes);
}

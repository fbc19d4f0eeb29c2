import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { MemoryStore, PackIdentity, StoreError, hedged } from './index.ts';

const bytes = randomBytes(100);

/** A store whose reads end when the test says so, in any order. */
class HeldReads extends MemoryStore {
  readonly held: { answer: () => void; fail: (error: Error) => void }[] = [];

  override async read(...args: Parameters<MemoryStore['read']>): Promise<Uint8Array> {
    const gate = Promise.withResolvers<void>();
    this.held.push({ answer: gate.resolve, fail: gate.reject });
    await gate.promise;
    return super.read(...args);
  }
}

async function heldPack() {
  const store = new HeldReads();
  const { id } = PackIdentity.random();
  await store.write(id, [bytes]);
  return { store, id };
}

/** Resolves when so many reads have begun. */
async function begun(store: HeldReads, count: number): Promise<void> {
  while (store.held.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('a hedged read', () => {
  test('is asked for again when it is slow, and the second answer is taken', async () => {
    const { store, id } = await heldPack();
    const read = hedged(store, { afterMs: 2 }).read(id);
    await begun(store, 2);
    store.held[1]?.answer();
    expect(bytes.equals(await read)).toBe(true);
    store.held[0]?.answer();
  });

  test('survives the failure of either request, and tells the first cause when both fail', async () => {
    const { store, id } = await heldPack();
    const over = hedged(store, { afterMs: 2 });
    const read = over.read(id);
    await begun(store, 2);
    store.held[1]?.fail(new StoreError('unavailable', 'second'));
    store.held[0]?.answer();
    expect(bytes.equals(await read)).toBe(true);
    const lost = over.read(id);
    await begun(store, 4);
    store.held[3]?.fail(new StoreError('unavailable', 'second'));
    store.held[2]?.fail(new StoreError('unavailable', 'first'));
    await expect(lost).rejects.toThrow('first');
  });

  test('that fails at once is not asked for again', async () => {
    const { store, id } = await heldPack();
    const read = hedged(store, { afterMs: 1_000 }).read(id);
    store.held[0]?.fail(new StoreError('unavailable', 'gone'));
    await expect(read).rejects.toThrow('gone');
    expect(store.held).toHaveLength(1);
  });

  test('is not asked for again while too many others are', async () => {
    const { store, id } = await heldPack();
    const over = hedged(store, { afterMs: 1, maxAtOnce: 1 });
    const reads = [over.read(id), over.read(id)];
    await begun(store, 3);
    for (const one of store.held) one.answer();
    await Promise.all(reads);
    expect(store.held).toHaveLength(3);
    const later = over.read(id);
    await begun(store, 5);
    for (const one of store.held) one.answer();
    await later;
  });
});

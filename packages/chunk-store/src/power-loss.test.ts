import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describePackStore } from './conformance.ts';
import { StoreError, dieAt, faultyIo, neverFail, openDiskStore, verify } from './index.ts';
import type { FaultPlan, PackId } from './index.ts';
import { MemoryIo } from './testing/memory-io.ts';

const ids = ['00a', '00b', '0fa', 'f0a'].map((start) => start.padEnd(32, '0') as PackId);
const contents = new Map(ids.map((id) => [id, randomBytes(50)]));
const bytesOf = (id: PackId) => [contents.get(id) ?? Buffer.alloc(0)];
type Step = { readonly act: 'write' | 'delete'; readonly id: PackId };

describePackStore('disk over a file system in memory', async () => ({ store: await openDiskStore('/pool', new MemoryIo().io) }));

/** Takes the steps until one fails; notes for each pack whether it must be there, must not, or may be either. */
async function take(disk: MemoryIo, steps: readonly Step[], plan: FaultPlan): Promise<Map<PackId, 'there' | 'gone' | 'unsure'>> {
  const known = new Map<PackId, 'there' | 'gone' | 'unsure'>();
  try {
    const store = verify(await openDiskStore('/pool', faultyIo(disk.io, plan)));
    for (const { act, id } of steps) {
      const before = known.get(id) ?? 'gone';
      const after = act === 'write' ? 'there' : 'gone';
      known.set(id, before === after ? after : 'unsure');
      await (act === 'write' ? store.write(id, bytesOf(id)) : store.delete(id));
      known.set(id, after);
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
  return known;
}

async function expectKept(disk: MemoryIo, known: ReadonlyMap<PackId, string>): Promise<void> {
  const store = verify(await openDiskStore('/pool', disk.io));
  const { packs } = await store.list({ limit: 100 });
  const listed = new Set(packs.map(({ id }) => id));
  for (const id of ids) {
    const state = known.get(id) ?? 'gone';
    if (state !== 'unsure') expect(`${id} ${listed.has(id) ? 'there' : 'gone'}`).toBe(`${id} ${state}`);
    if (listed.has(id)) expect(Buffer.from(await store.read(id))).toEqual(contents.get(id));
  }
}

describe('a disk that loses power', () => {
  const promise = 'keeps all that was acknowledged';
  test.each(['names', 'bytes'] as const)(`at any I/O call, and with it %s that were not synced: ${promise}`, async (what) => {
    const act = fc.constantFrom<Step['act'][]>('write', 'write', 'delete');
    const step = fc.record({ act, id: fc.constantFrom(...ids) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat(120), async (steps, at) => {
        const disk = new MemoryIo();
        const known = await take(disk, steps, at === 0 ? neverFail : dieAt(at));
        disk.losePower(what);
        await expectKept(disk, known);
      }),
      { numRuns: 150 },
    );
  });

  test("between a folder's making and its sync, too", async () => {
    for (let at = 1; at < 40; at += 1) {
      const disk = new MemoryIo();
      await take(disk, [{ act: 'write', id: '00a'.padEnd(32, '0') as PackId }], dieAt(at, 'after'));
      disk.losePower('names');
      // The same write, made again after the restart, must not rely on folders that the loss took.
      const again = await take(disk, [{ act: 'write', id: '00a'.padEnd(32, '0') as PackId }], neverFail);
      disk.losePower('names');
      await expectKept(disk, again);
    }
  });
});

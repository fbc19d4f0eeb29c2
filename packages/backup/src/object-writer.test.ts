import { faulty, dieAt, neverFail, type FaultPlan } from '@driftbox/chunk-store';
import { digestOf } from '@driftbox/chunking';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBackupIndex, readObjects } from './backup-index.ts';
import type { Destination } from './destination.ts';
import { ObjectWriter } from './object-writer.ts';
import { allOf, memoryDestination } from './testing/memory-destination.ts';

const someObjects = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 30 });

async function write(destination: Destination, objects: readonly Uint8Array[], flushEvery: number): Promise<ObjectWriter> {
  const writer = new ObjectWriter(destination, await readBackupIndex(destination));
  for (const [n, bytes] of objects.entries()) {
    await writer.addPlain(bytes);
    if (n % flushEvery === 0) await writer.flush();
  }
  await writer.flush();
  return writer;
}

async function read(destination: Destination, objects: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const index = await readBackupIndex(destination);
  return allOf(readObjects(destination, index, objects.map(digestOf)));
}

test('every object is read back as it was, is there once, and costs nothing the second time', async () => {
  await fc.assert(
    fc.asyncProperty(someObjects, fc.integer({ min: 1, max: 9 }), async (objects, flushEvery) => {
      const destination = memoryDestination();
      const { written } = await write(destination, [...objects, ...objects], flushEvery);
      expect(written.objects).toBe(new Set(objects.map(digestOf)).size);
      expect((await read(destination, objects)).map(digestOf)).toEqual(objects.map(digestOf));
      expect((await write(destination, objects, flushEvery)).written).toEqual({ objects: 0, bytes: 0 });
    }),
    { numRuns: 40 },
  );
});

test('whichever write is the last of a process, the next run makes it whole', async () => {
  const objects = Array.from({ length: 12 }, (_, n) => Buffer.alloc(100 + n, n));
  for (const when of ['before', 'after'] as const) {
    for (let n = 1; ; n += 1) {
      const destination = memoryDestination();
      let reached = false;
      const plan: FaultPlan = (call) => {
        reached ||= call >= n;
        return dieAt(n, when)(call);
      };
      const dying = { ...destination, packs: faulty(destination.packs, plan) };
      await write(dying, objects, 3).catch(() => undefined);
      await write({ ...destination, packs: faulty(destination.packs, neverFail) }, objects, 3);
      expect((await read(destination, objects)).map(digestOf)).toEqual(objects.map(digestOf));
      if (!reached) break;
    }
  }
});

test('an object that is gone, or is not what it was, is named', async () => {
  const destination = memoryDestination();
  const [first, other] = [Buffer.from('first'), Buffer.from('other')];
  await write(destination, [first], 1);
  await expect(read(destination, [first, other])).rejects.toMatchObject({ name: 'BackupDamaged', digests: [digestOf(other)] });
});

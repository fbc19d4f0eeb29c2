import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { OpenPack } from './open-pack.ts';
import type { SealedPack } from './pack-writer.ts';
import { StoreError } from './store-error.ts';
import { chunkOf, newKey } from './testing/pack-fixture.ts';

const request = {};

describe('an open pack', () => {
  test('tells where its frames lie once it has been written, and hands over what it tells', async () => {
    const pack = new OpenPack(newKey());
    expect(pack.add(request, chunkOf(randomBytes(10)))).toBe(0);
    expect(pack.add({}, chunkOf(randomBytes(20)))).toBe(1);
    expect(pack.requests.size).toBe(2);
    let written: SealedPack | undefined;
    await pack.flush(async (sealed) => {
      written = sealed;
    });
    expect(await pack.durable).toBe(written);
    expect(written?.frames.map(({ frame, plainSize }) => [frame, plainSize])).toEqual([
      [0, 10],
      [1, 20],
    ]);
  });

  test('stops its timer when it is flushed', async () => {
    const pack = new OpenPack(newKey());
    pack.add(request, chunkOf(randomBytes(10)));
    let stopped = 0;
    pack.stopTimer = () => {
      stopped += 1;
    };
    await pack.flush(async () => undefined);
    expect(stopped).toBe(1);
  });

  test('passes a failure to who awaits it, and to nobody else', async () => {
    const pack = new OpenPack(newKey());
    pack.add(request, chunkOf(randomBytes(10)));
    const full = new StoreError('full', 'no room');
    await pack.flush(() => Promise.reject(full));
    await expect(pack.durable).rejects.toBe(full);
  });

  test('is never written twice', async () => {
    const pack = new OpenPack(newKey());
    pack.add(request, chunkOf(randomBytes(10)));
    let writes = 0;
    const write = async (): Promise<void> => {
      writes += 1;
    };
    await pack.flush(write);
    await pack.flush(write);
    expect(writes).toBe(1);
    expect(() => pack.add(request, chunkOf(randomBytes(10)))).toThrow('finished');
  });

  test('has room up to the size of a pack', () => {
    const pack = new OpenPack(newKey());
    expect(pack.fits(20 << 20)).toBe(true);
    pack.add(request, chunkOf(randomBytes(8 << 20)));
    expect(pack.fits(8 << 20)).toBe(false);
    expect(pack.fits(7 << 20)).toBe(true);
  });
});

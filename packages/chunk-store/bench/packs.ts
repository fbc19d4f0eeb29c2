/** Prints how fast chunks become durable packs, against plain files: `node packages/chunk-store/bench/packs.ts [folder]`. */
import { hash, randomFillSync } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strict as assert } from 'node:assert';
import { parseTenantId } from '@driftbox/domain';
import type { Digest } from '@driftbox/domain';
import { PackBatcher, generateDataKey, openDiskStore, readFrames, retry, verify } from '../src/index.ts';
import type { FrameLocation, StoredChunk } from '../src/index.ts';

const totalBytes = 256 << 20;
const chunkBytes = 4 << 20;
const chunk: Uint8Array = randomFillSync(new Uint8Array(chunkBytes));
const count = totalBytes / chunkBytes;
const tenant = parseTenantId('0190a0b0-c0d0-7e0f-8000-000000000001');
assert(tenant !== undefined);
const folder = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'packs-bench-'));

function stored(bytes: Uint8Array): StoredChunk {
  return { digest: hash('sha256', bytes, 'hex') as Digest, plainSize: bytes.length, encoding: 'raw', bytes };
}

async function inParallel(workers: number, run: (n: number) => Promise<unknown>, times: number): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (next < times) await run(next++);
    }),
  );
}

async function measure(name: string, bytes: number, run: () => Promise<unknown>): Promise<void> {
  const startedMs = performance.now();
  await run();
  const ms = performance.now() - startedMs;
  console.log(`${name}: ${(bytes / 1e3 / ms).toFixed(0)} MB/s (${ms.toFixed(0)} ms)`);
}

try {
  const store = retry(verify(await openDiskStore(join(folder, 'pool'))));
  const batcher = new PackBatcher(store);
  const key = generateDataKey(tenant, 1);
  for (const round of [1, 2]) {
    await measure(`${round}: files of 4 MiB, SHA-256 and fsync, 4 at once`, totalBytes, () =>
      inParallel(
        4,
        async (n) => {
          hash('sha256', chunk, 'hex');
          const file = await open(join(folder, `${round}-${n}`), 'w');
          await file.writeFile(chunk);
          await file.sync();
          await file.close();
        },
        count,
      ),
    );
    let locations: FrameLocation[] = [];
    await measure(`${round}: packs of 4 MiB, SHA-256, encrypted and durable`, totalBytes, async () => {
      const request = batcher.open(key);
      for (let n = 0; n < count; n += 1) await request.add(stored(chunk));
      locations = await request.finish();
    });
    await measure(`${round}: the same read back, digests verified`, totalBytes, async () => {
      for await (const plain of readFrames(store, key, locations)) if (plain.length !== chunkBytes) throw new Error('short');
    });
    await measure(`${round}: 8,000 chunks of 4 KiB in one request`, 8000 * 4096, async () => {
      const small = Array.from({ length: 8000 }, (_, n) => stored(chunk.subarray(n * 512, n * 512 + 4096)));
      await batcher.add(key, small);
    });
  }
} finally {
  await rm(folder, { recursive: true });
}

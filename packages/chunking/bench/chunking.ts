/** Prints what one core cuts, and cuts and hashes, per second: `node packages/chunking/bench/chunking.ts`. */
import { hash, randomFillSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunkFile } from '../src/chunk-file.ts';
import { Cutter } from '../src/cutter.ts';
import { chunkBytes } from '../src/chunk-bytes.ts';
import { defaultScheme } from '../src/scheme.ts';

const bytes = randomFillSync(new Uint8Array(256 << 20));

function cutAll(): number {
  const cutter = new Cutter(defaultScheme);
  let chunks = 1;
  for (let at = cutter.next(bytes, 0, bytes.length); at >= 0; at = cutter.next(bytes, at, bytes.length)) chunks += 1;
  return chunks;
}

function measure(name: string, run: () => number): void {
  run();
  let bestMs = Infinity;
  let chunks = 0;
  for (let round = 0; round < 5; round += 1) {
    const startedMs = performance.now();
    chunks = run();
    bestMs = Math.min(bestMs, performance.now() - startedMs);
  }
  const meanMiB = bytes.length / chunks / (1 << 20);
  console.log(`${name}: ${(bytes.length / 1e3 / bestMs).toFixed(0)} MB/s (${chunks} chunks of ${meanMiB.toFixed(2)} MiB)`);
}

measure('chunking alone', cutAll);
measure('chunking and SHA-256', () => [...chunkBytes(bytes)].length);
measure('SHA-256 alone', () => Array.from({ length: 64 }, (_, i) => hash('sha256', bytes.subarray(i << 22, (i + 1) << 22), 'hex')).length);

const folder = await mkdtemp(join(tmpdir(), 'chunking-bench-'));
try {
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  for (const round of [1, 2]) {
    const startedMs = performance.now();
    let read = 0;
    for await (const chunk of chunkFile(path)) read += chunk.bytes.length;
    console.log(`${round}: a cached file, read, cut and hashed: ${(read / 1e3 / (performance.now() - startedMs)).toFixed(0)} MB/s`);
  }
} finally {
  await rm(folder, { recursive: true });
}

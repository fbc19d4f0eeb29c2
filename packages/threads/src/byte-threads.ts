import { availableParallelism } from 'node:os';
import { doByteJob } from './byte-jobs.ts';
import type { ByteJob, Seal } from './byte-jobs.ts';
import { isShared } from './shared-memory.ts';
import { ThreadPool } from './thread-pool.ts';

/** One core is the main thread's, but of two: it mostly waits for these. Each thread costs some 14 MB of memory. */
const mostThreads = Math.min(4, Math.max(2, availableParallelism() - 1));

const pool = new ThreadPool(new URL('./byte-jobs.ts', import.meta.url), mostThreads);

/** SHA-256 in hexadecimal digits. The bytes must not change before the answer. */
export async function digestBytes(bytes: Uint8Array): Promise<string> {
  return (await run({ job: 'digest', bytes }, bytes)) as string;
}

/**
 * Encrypts `bytes` into `into`, which is a tag of 16 bytes longer; neither may be touched before the answer. Both in
 * shared memory, or both not.
 */
export async function sealBytes(bytes: Uint8Array, into: Uint8Array, seal: Seal): Promise<void> {
  await run({ job: 'seal', bytes, into, seal }, bytes);
}

/**
 * Decrypts in place what `sealBytes` made, tag included, and answers whether it is authentic. If not, the bytes are wiped.
 * Nobody may look at them before the answer.
 */
export async function openBytes(bytes: Uint8Array, seal: Seal): Promise<boolean> {
  return (await run({ job: 'open', bytes, seal }, bytes)) as boolean;
}

/** Jobs of this process that no thread has begun. */
export function waitingJobs(): number {
  return pool.waiting;
}

async function run(work: ByteJob, bytes: Uint8Array): Promise<unknown> {
  return isShared(bytes) ? pool.run(work) : doByteJob(work);
}

import { createCipheriv, createDecipheriv, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

/** What a thread's `workerData` is when this file is its script. It imports only what Node brings: see `ThreadPool`. */
const threadScript = 'driftbox-threads';
/** Bytes of an authentication tag. */
const tagBytes = 16;
/** What is encrypted at once: fits a core's cache, and its result into memory that is used again at once. */
const stepBytes = 64 << 10;

/** How bytes are sealed: AES-256-GCM. A key never meets the same nonce with other bytes. */
export type Seal = { readonly key: KeyObject; readonly nonce: Uint8Array; readonly context: Uint8Array };

/** One piece of work on bytes, as it goes to a thread. */
export type ByteJob =
  | { readonly job: 'digest'; readonly bytes: Uint8Array }
  | { readonly job: 'seal'; readonly bytes: Uint8Array; readonly into: Uint8Array; readonly seal: Seal }
  | { readonly job: 'open'; readonly bytes: Uint8Array; readonly seal: Seal };

/** Does the work. `digest` answers hexadecimal digits; `open` whether the bytes are authentic; `seal` nothing. */
export function doByteJob(work: ByteJob): string | boolean | undefined {
  if (work.job === 'digest') return hash('sha256', work.bytes, 'hex');
  if (work.job === 'open') return openInPlace(work.bytes, work.seal);
  sealInto(work.bytes, work.into, work.seal);
  return undefined;
}

function sealInto(bytes: Uint8Array, into: Uint8Array, { key, nonce, context }: Seal): void {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(context);
  for (let at = 0; at < bytes.length; at += stepBytes) move(cipher.update(bytes.subarray(at, at + stepBytes)), into, at);
  cipher.final();
  into.set(cipher.getAuthTag(), bytes.length);
}

/** Decrypts over the ciphertext; the tag stays behind it. What is not authentic is wiped: nobody gets to see it. */
function openInPlace(bytes: Uint8Array, { key, nonce, context }: Seal): boolean {
  if (bytes.length < tagBytes) return false;
  const sealed = bytes.subarray(0, -tagBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAAD(context);
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  for (let at = 0; at < sealed.length; at += stepBytes) move(decipher.update(sealed.subarray(at, at + stepBytes)), sealed, at);
  try {
    decipher.final();
    return true;
  } catch {
    bytes.fill(0);
    return false;
  }
}

/** Copies a step's result to its place and frees its memory at once: a collector that is seldom due would let it pile up. */
function move(step: Uint8Array<ArrayBuffer>, into: Uint8Array, at: number): void {
  into.set(step, at);
  if (step.length === step.buffer.byteLength) step.buffer.transfer(0);
}

// Only as a thread's own script, not where a thread of another kind imports this. What a job throws goes back as what became of it.
if (workerData === threadScript) {
  parentPort?.on('message', ({ id, work }: { readonly id: number; readonly work: ByteJob }) => {
    try {
      parentPort?.postMessage({ id, done: doByteJob(work) });
    } catch (error) {
      parentPort?.postMessage({ id, failure: error });
    }
  });
}

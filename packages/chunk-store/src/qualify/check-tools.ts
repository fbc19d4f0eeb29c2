import { createHash, randomUUID } from 'node:crypto';
import type { S3Client, S3Request } from '../s3/s3-client.ts';
import type { CheckTools } from './check.ts';

/** A request's body with what its signature needs. */
export function bodyOf(bytes: Uint8Array): NonNullable<S3Request['body']> {
  return { pieces: [bytes], sizeBytes: bytes.length, sha256Hex: createHash('sha256').update(bytes).digest('hex') };
}

/** The SHA-256 as S3's checksum headers want it. */
export function checksumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

/** Tools whose keys all begin with `prefix`. */
export function createCheckTools(client: S3Client, prefix: string): CheckTools {
  return {
    client,
    newKey: () => `${prefix}${randomUUID()}`,
    put: (key, bytes, headers = {}) =>
      client.send({ method: 'PUT', key, headers: { 'x-amz-checksum-sha256': checksumOf(bytes), ...headers }, body: bodyOf(bytes) }, 'put'),
    get: (key, headers) => client.send({ method: 'GET', key, headers }, 'get'),
  };
}

/** Removes every object below `prefix`, each once: a product that does not delete is not asked for ever. */
export async function removeAll(client: S3Client, prefix: string): Promise<void> {
  const removed = new Set<string>();
  for (;;) {
    const { keys } = await client.list(prefix, '', 1_000);
    const left = keys.filter(({ key }) => !removed.has(key));
    if (left.length === 0) return;
    for (const { key } of left) {
      await client.send({ method: 'DELETE', key }, 'delete');
      removed.add(key);
    }
  }
}

import { createHash } from 'node:crypto';
import { Problem } from '@driftbox/protocol';

type Headers = Readonly<Record<string, string | undefined>>;

/** Algorithms of `Upload-Checksum`, as node:crypto names them too. */
export const checksumAlgorithms = ['sha1', 'sha256', 'sha512'] as const;

/** A checksum to hold bytes against. */
export type Checksum = { readonly algorithm: (typeof checksumAlgorithms)[number]; readonly digest: Buffer };

/** Throws `version_unsupported` for a request that does not speak tus 1.0. */
export function requireTus(headers: Headers): void {
  if (headers['tus-resumable'] !== '1.0.0') throw new Problem('version_unsupported', 'Tus-Resumable must be 1.0.0');
}

/** A count of bytes in a header. Throws `invalid_argument`. */
export function readBytes(headers: Headers, name: 'upload-length' | 'upload-offset'): number {
  const text = headers[name] ?? '';
  const bytes = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(bytes)) throw new Problem('invalid_argument', `${name} must be a number of bytes`);
  return bytes;
}

/** `Upload-Metadata`: keys, each with a value in Base64 of UTF-8, or none. Throws `invalid_argument`. */
export function readMetadata(header: string | undefined): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  if (header === undefined || header.trim() === '') return metadata;
  for (const pair of header.split(',')) {
    const [key = '', value = '', ...more] = pair.trim().split(' ');
    const text = more.length === 0 ? decode(value) : undefined;
    if (key === '' || metadata.has(key) || text === undefined)
      throw new Problem('invalid_argument', 'Upload-Metadata must be different keys, each with a value in Base64 of UTF-8');
    metadata.set(key, text);
  }
  return metadata;
}

/** `Upload-Checksum`, if there is one. Throws `invalid_argument` for an algorithm that is none of ours, or no digest of it. */
export function readChecksum(header: string | undefined): Checksum | undefined {
  if (header === undefined) return undefined;
  const [name = '', text = ''] = header.trim().split(' ');
  const algorithm = checksumAlgorithms.find((known) => known === name.toLowerCase());
  if (algorithm === undefined) throw new Problem('invalid_argument', `Upload-Checksum knows ${checksumAlgorithms.join(', ')}`);
  const digest = Buffer.from(text, 'base64');
  if (digest.length !== createHash(algorithm).digest().length) throw new Problem('invalid_argument', `This is no digest of ${algorithm}`);
  return { algorithm, digest };
}

/** Node decodes whatever it is given: what does not come out as it went in was no Base64, or no UTF-8. */
function decode(value: string): string | undefined {
  const bytes = Buffer.from(value, 'base64');
  const text = bytes.toString('utf8');
  const unpadded = (base64: string): string => base64.replace(/=+$/, '');
  return unpadded(bytes.toString('base64')) === unpadded(value) && Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
}

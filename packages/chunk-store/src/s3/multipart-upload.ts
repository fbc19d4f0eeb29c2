import { createHash } from 'node:crypto';
import { StoreError } from '../store-error.ts';
import type { S3Client } from './s3-client.ts';
import { sliceParts } from './slice-parts.ts';

/** An object to be sent in parts. */
export type MultipartUpload = {
  readonly key: string;
  readonly pieces: readonly Uint8Array[];
  /** Of every part but the last, which may be smaller. */
  readonly partBytes: number;
  /** Of the object. */
  readonly headers: Readonly<Record<string, string>>;
  readonly doing: string;
};

type Part = { readonly number: number; readonly etag: string; readonly sha256: string };

const partsAtOnce = 4;

/**
 * Sends an object in parts, each with its SHA-256, and completes it only if its name is still free. All or nothing: after a
 * failure the parts are given up. Throws a `StoreError`, with the code `PreconditionFailed` where the name was taken.
 */
export async function multipartUpload(client: S3Client, upload: MultipartUpload): Promise<void> {
  const { key, doing } = upload;
  const headers = { ...upload.headers, 'x-amz-checksum-algorithm': 'SHA256' };
  const begun = await client.send({ method: 'POST', key, query: 'uploads', headers }, doing);
  const uploadId = elementOf(begun.body, 'UploadId');
  if (uploadId === undefined) throw new StoreError('unavailable', `${doing}: no upload id came back`);
  try {
    await complete(client, upload, uploadId, await sendParts(client, upload, uploadId));
  } catch (error) {
    const query = `uploadId=${encodeURIComponent(uploadId)}`;
    // What cannot be given up now is left to the bucket's lifecycle rule.
    await client.send({ method: 'DELETE', key, query }, doing).catch(() => undefined);
    throw error;
  }
}

async function sendParts(client: S3Client, { key, pieces, partBytes, doing }: MultipartUpload, uploadId: string): Promise<Part[]> {
  const waiting = [...sliceParts(pieces, partBytes)].map((content, index) => ({ content, number: index + 1 }));
  const parts: Part[] = [];
  const work = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const { content, number } = part;
      const hash = createHash('sha256');
      for (const piece of content) hash.update(piece);
      const digest = hash.digest();
      const sha256 = digest.toString('base64');
      const sizeBytes = content.reduce((sum, piece) => sum + piece.length, 0);
      const query = `partNumber=${number}&uploadId=${encodeURIComponent(uploadId)}`;
      const body = { pieces: content, sizeBytes, sha256Hex: digest.toString('hex') };
      const answer = await client.send({ method: 'PUT', key, query, headers: { 'x-amz-checksum-sha256': sha256 }, body }, doing);
      parts.push({ number, etag: answer.headers.etag ?? '', sha256 });
    }
  };
  await Promise.all(Array.from({ length: partsAtOnce }, work));
  return parts.sort((a, b) => a.number - b.number);
}

async function complete(client: S3Client, { key, doing }: MultipartUpload, uploadId: string, parts: readonly Part[]): Promise<void> {
  const listed = parts.map(
    ({ number, etag, sha256 }) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag><ChecksumSHA256>${sha256}</ChecksumSHA256></Part>`,
  );
  const document = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${listed.join('')}</CompleteMultipartUpload>`;
  const bytes = Buffer.from(document);
  const body = { pieces: [bytes], sizeBytes: bytes.length, sha256Hex: createHash('sha256').update(bytes).digest('hex') };
  const query = `uploadId=${encodeURIComponent(uploadId)}`;
  const answer = await client.send({ method: 'POST', key, query, headers: { 'if-none-match': '*' }, body }, doing);
  // The status is sent before the parts are joined: an error after that is told in the body (S3 API, CompleteMultipartUpload).
  const code = answer.body.includes('<Error>') ? elementOf(answer.body, 'Code') : undefined;
  if (code !== undefined) throw new StoreError('unavailable', `${doing}: ${code}`, { cause: { code } });
}

function elementOf(xml: Buffer, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml.toString('utf8'))?.[1];
}

import { createHash } from 'node:crypto';
import { StoreError } from '../store-error.ts';
import type { S3Client, S3Request } from './s3-client.ts';
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
    // What cannot be given up now is ended later, by whoever looks for what was left unfinished.
    await client.send(abortUpload(key, uploadId), doing).catch(() => undefined);
    throw error;
  }
}

/** Ends an upload that was begun, and frees its parts. */
export function abortUpload(key: string, uploadId: string): S3Request {
  return { method: 'DELETE', key, query: `uploadId=${encodeURIComponent(uploadId)}` };
}

/** An object that was begun to be sent in parts. */
export type UnfinishedUpload = { readonly key: string; readonly uploadId: string; readonly begunAtMs: number };

/**
 * Those of the whole bucket, and what time it is there. Without a prefix: not every product takes one that is not a whole name. At
 * most 1,000 of them; as they are ended, others show.
 */
export async function listUnfinished(client: S3Client): Promise<{ readonly uploads: UnfinishedUpload[]; readonly nowMs: number }> {
  const { body, headers } = await client.send({ method: 'GET', query: 'max-uploads=1000&uploads=' }, 'list unfinished uploads');
  const uploads = body
    .toString('utf8')
    .split('<Upload>')
    .slice(1)
    .flatMap((text): UnfinishedUpload[] => {
      const xml = Buffer.from(text);
      const [key, uploadId, begun] = ['Key', 'UploadId', 'Initiated'].map((name) => elementOf(xml, name));
      if (key === undefined || uploadId === undefined || begun === undefined) return [];
      return [{ key, uploadId, begunAtMs: Date.parse(begun) }];
    });
  return { uploads, nowMs: Date.parse(headers.date ?? '') };
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
  const workOrStop = (): Promise<void> =>
    work().catch((error: unknown) => {
      waiting.length = 0;
      throw error;
    });
  // All of them, so that nothing is sent any more when the upload is given up, and nobody looks at the pieces.
  const outcomes = await Promise.allSettled(Array.from({ length: partsAtOnce }, workOrStop));
  const failed = outcomes.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
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

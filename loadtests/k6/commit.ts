import crypto from 'k6/crypto';
import { asciiBytes, encodeFrames, type RawFrame } from './frame.ts';
import type { Acknowledged, LoadUser } from './plan.ts';
import { countFailure, jsonOf, send } from './send.ts';

/** Where somebody writes, and by what right. */
export type Writer = Pick<LoadUser, 'drive' | 'driveEpoch' | 'rootId'> & { readonly accessToken: string };

/** A piece of a file as it travels. */
export type Chunk = RawFrame & { readonly kind: 'chunk' };

/** What became of an operation. */
export type Outcome = { readonly outcome: string; readonly entryId: string; readonly rev: number; readonly seq: number };

/** An operation that writes: `op`, and its fields. */
export type Operation = Readonly<Record<string, unknown>> & { readonly op: string };

const framesMediaType = 'application/vnd.driftbox.frames';

/** Cuts content into chunks of so many bytes; the server takes any cut up to 8 MiB. */
export function cut(content: ArrayBuffer, chunkBytes: number): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < content.byteLength; at += chunkBytes) chunks.push(chunkOf(content.slice(at, at + chunkBytes)));
  return chunks;
}

/** Bytes as a chunk. */
export function chunkOf(payload: ArrayBuffer): Chunk {
  return { kind: 'chunk', digest: crypto.sha256(payload, 'hex'), payload: new Uint8Array(payload) };
}

/** Asks which of these chunks of an upload the server lacks, as clients do before they send any. */
export function askMissing(
  { drive, accessToken }: Writer,
  uploadId: string,
  sizeBytes: number,
  chunks: readonly Chunk[],
): ReadonlySet<string> | undefined {
  const body = JSON.stringify({ uploadId, sizeBytes, digests: [...new Set(chunks.map(({ digest }) => digest))] });
  const answer = send({ route: 'askMissing', method: 'POST', path: `/v1/drives/${drive}/chunks/missing`, accessToken, body });
  return answer === undefined ? undefined : new Set(jsonOf<{ missing: string[] }>(answer).missing);
}

/** Sends chunks and the operations that need them as one request. Answers the outcomes if all were committed; counts a failure if not. */
export function commit(
  { drive, driveEpoch, accessToken }: Writer,
  operations: readonly Operation[],
  { uploadId, chunks = [] }: { readonly uploadId?: string; readonly chunks?: readonly Chunk[] } = {},
): readonly Outcome[] | undefined {
  const written = operations.map((operation) => ({ writeId: globalThis.crypto.randomUUID(), ...operation }));
  const payload = asciiBytes(JSON.stringify({ driveEpoch, uploadId, operations: written }));
  const frame: RawFrame = { kind: 'commit', digest: crypto.sha256(payload.buffer as ArrayBuffer, 'hex'), payload };
  const answer = send({
    route: 'postCommit',
    method: 'POST',
    path: `/v1/drives/${drive}/commits`,
    accessToken,
    body: encodeFrames([...chunks, frame]),
    contentType: framesMediaType,
  });
  if (answer === undefined) return undefined;
  const { outcomes } = jsonOf<{ outcomes: Outcome[] }>(answer);
  const other = outcomes.find(({ outcome }) => outcome !== 'committed');
  if (other === undefined) return outcomes;
  countFailure('postCommit', other.outcome);
  return undefined;
}

/** The operation that puts a file of these chunks; `baseRev` is the version that it replaces, if there is one. */
export function putFile(file: {
  readonly entryId: string;
  readonly parentId: string;
  readonly name: string;
  readonly baseRev?: number | undefined;
  readonly chunks: readonly Chunk[];
}): Operation & { readonly sizeBytes: number } {
  const { chunks, baseRev = null, ...placed } = file;
  return {
    op: 'putFile',
    ...placed,
    baseRev,
    sizeBytes: sizeOf(chunks),
    mtime: '2026-01-01T00:00:00.000Z',
    chunkList: chunks.map(({ digest, payload }) => ({ digest, sizeBytes: payload.length })),
  };
}

/** Bytes of all of them. */
export function sizeOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { payload }) => sum + payload.length, 0);
}

/** Tells `npm run load` of a version that was acknowledged, to be looked for afterwards. */
export function acknowledge(user: number, { entryId, rev }: Pick<Outcome, 'entryId' | 'rev'>, digest: string, sizeBytes: number): void {
  console.log(JSON.stringify({ user, entryId, rev, digest, sizeBytes } satisfies Acknowledged));
}

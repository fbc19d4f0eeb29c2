import crypto from 'k6/crypto';
import { fileSize } from '../file-size.ts';
import { asciiBytes, encodeFrames, type RawFrame } from '../frame.ts';
import type { Acknowledged, LoadUser } from '../plan.ts';
import { countFailure, jsonOf, send } from '../send.ts';
import { tokenOf, whoAmI } from '../session.ts';

/** Where content is cut; the server takes any cut up to 8 MiB. */
const chunkBytes = 1_000_000;
const framesMediaType = 'application/vnd.driftbox.frames';

/** Somebody saves a new file, as clients do it: asks which chunks are missing, then sends them with the commit in one request. */
export function upload(): void {
  const { index, user } = whoAmI();
  const accessToken = tokenOf(index, user);
  const sizeBytes = fileSize(Math.random(), Math.random());
  const content = crypto.randomBytes(sizeBytes);
  const chunks = cut(content);
  const uploadId = globalThis.crypto.randomUUID();
  const drivePath = `/v1/drives/${user.drive}`;
  const asked = JSON.stringify({ uploadId, sizeBytes, digests: chunks.map(({ digest }) => digest) });
  const missing = send({ route: 'askMissing', method: 'POST', path: `${drivePath}/chunks/missing`, accessToken, body: asked });
  if (missing === undefined) return;
  const entryId = globalThis.crypto.randomUUID();
  const body = encodeFrames([...chunks, commitFrame(user, { uploadId, entryId, sizeBytes, chunks })]);
  const path = `${drivePath}/commits`;
  const answer = send({ route: 'postCommit', method: 'POST', path, accessToken, body, contentType: framesMediaType });
  if (answer === undefined) return;
  const outcome = jsonOf<{ outcomes: { outcome: string }[] }>(answer).outcomes[0]?.outcome;
  if (outcome !== 'committed') return countFailure('postCommit', String(outcome));
  console.log(JSON.stringify({ user: index, entryId, digest: crypto.sha256(content, 'hex'), sizeBytes } satisfies Acknowledged));
}

function cut(content: ArrayBuffer): RawFrame[] {
  const chunks: RawFrame[] = [];
  for (let at = 0; at < content.byteLength; at += chunkBytes) {
    const payload = content.slice(at, at + chunkBytes);
    chunks.push({ kind: 'chunk', digest: crypto.sha256(payload, 'hex'), payload: new Uint8Array(payload) });
  }
  return chunks;
}

type NewFile = { readonly uploadId: string; readonly entryId: string; readonly sizeBytes: number; readonly chunks: readonly RawFrame[] };

function commitFrame({ driveEpoch, rootId }: LoadUser, { uploadId, entryId, sizeBytes, chunks }: NewFile): RawFrame {
  const operation = {
    op: 'putFile',
    writeId: globalThis.crypto.randomUUID(),
    entryId,
    parentId: rootId,
    name: `load-${entryId}`,
    baseRev: null,
    sizeBytes,
    mtime: '2026-01-01T00:00:00.000Z',
    chunkList: chunks.map(({ digest, payload }) => ({ digest, sizeBytes: payload.length })),
  };
  const payload = asciiBytes(JSON.stringify({ driveEpoch, uploadId, operations: [operation] }));
  return { kind: 'commit', digest: crypto.sha256(payload.buffer as ArrayBuffer, 'hex'), payload };
}

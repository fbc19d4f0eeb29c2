import crypto from 'k6/crypto';
import { Counter } from 'k6/metrics';
import { acknowledge, askMissing, chunkOf, commit, cut, putFile, sizeOf, type Chunk } from '../commit.ts';
import { tokenOf, whoAmI } from '../session.ts';

const chunkBytes = 64_000;
const chunkCount = 8;

type Document = { readonly entryId: string; readonly rev: number | undefined; readonly chunks: readonly Chunk[] };

const savedBytes = new Counter('saved_bytes');

/** Each virtual user has a document of its own open, so that none replaces another's version. */
let current: Document | undefined;

/** Somebody changes a place in a document and saves it: only the chunk that became another one travels. The first time it is new. */
export function edit(): void {
  const { index, user } = whoAmI();
  const writer = { ...user, accessToken: tokenOf(index, user) };
  const { entryId, rev: baseRev, chunks } = current === undefined ? newDocument() : changed(current);
  // What the server has after a failure is not known: then another document is begun.
  current = undefined;
  const uploadId = globalThis.crypto.randomUUID();
  const sizeBytes = sizeOf(chunks);
  const missing = askMissing(writer, uploadId, sizeBytes, chunks);
  if (missing === undefined) return;
  const sent = chunks.filter(({ digest }) => missing.has(digest));
  const operation = putFile({ entryId, parentId: user.rootId, name: `load-${entryId}`, baseRev, chunks });
  const [outcome] = commit(writer, [operation], { uploadId, chunks: sent }) ?? [];
  if (outcome === undefined) return;
  savedBytes.add(sizeBytes - sizeOf(sent));
  current = { entryId, rev: outcome.rev, chunks };
  const whole = crypto.createHash('sha256');
  for (const { payload } of chunks) whole.update(payload.buffer as ArrayBuffer);
  acknowledge(index, outcome, whole.digest('hex'), sizeBytes);
}

function newDocument(): Document {
  return {
    entryId: globalThis.crypto.randomUUID(),
    rev: undefined,
    chunks: cut(crypto.randomBytes(chunkBytes * chunkCount), chunkBytes),
  };
}

function changed(document: Document): Document {
  const place = Math.floor(Math.random() * chunkCount);
  return { ...document, chunks: document.chunks.with(place, chunkOf(crypto.randomBytes(chunkBytes))) };
}

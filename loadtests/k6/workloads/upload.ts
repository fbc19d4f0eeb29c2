import crypto from 'k6/crypto';
import { acknowledge, askMissing, commit, cut, putFile } from '../commit.ts';
import { fileSize } from '../file-size.ts';
import { plan } from '../given-plan.ts';
import { tokenOf, whoAmI } from '../session.ts';
import { uploadPieces } from '../upload-pieces.ts';

const chunkBytes = 1_000_000;

/**
 * Somebody saves a new file, as clients do it: asks which chunks are missing, then sends them with the commit in one request. A large
 * one comes in pieces.
 */
export function upload(): void {
  const { index, user } = whoAmI();
  const writer = { ...user, accessToken: tokenOf(index, user) };
  const sizeBytes = fileSize(Math.random(), Math.random(), plan.files.largestBytes);
  if (sizeBytes > plan.files.pieceBytes) return uploadPieces(index, writer, sizeBytes);
  const content = crypto.randomBytes(sizeBytes);
  const chunks = cut(content, chunkBytes);
  const uploadId = globalThis.crypto.randomUUID();
  if (askMissing(writer, uploadId, sizeBytes, chunks) === undefined) return;
  const entryId = globalThis.crypto.randomUUID();
  const operation = putFile({ entryId, parentId: user.rootId, name: `load-${entryId}`, chunks });
  const [outcome] = commit(writer, [operation], { uploadId, chunks }) ?? [];
  if (outcome !== undefined) acknowledge(index, outcome, crypto.sha256(content, 'hex'), sizeBytes);
}

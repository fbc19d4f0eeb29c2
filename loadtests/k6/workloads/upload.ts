import crypto from 'k6/crypto';
import { acknowledge, askMissing, commit, cut, putFile } from '../commit.ts';
import { fileSize } from '../file-size.ts';
import { tokenOf, whoAmI } from '../session.ts';

const chunkBytes = 1_000_000;

/** Somebody saves a new file, as clients do it: asks which chunks are missing, then sends them with the commit in one request. */
export function upload(): void {
  const { index, user } = whoAmI();
  const writer = { ...user, accessToken: tokenOf(index, user) };
  const content = crypto.randomBytes(fileSize(Math.random(), Math.random()));
  const chunks = cut(content, chunkBytes);
  const uploadId = globalThis.crypto.randomUUID();
  if (askMissing(writer, uploadId, content.byteLength, chunks) === undefined) return;
  const entryId = globalThis.crypto.randomUUID();
  const operation = putFile({ entryId, parentId: user.rootId, name: `load-${entryId}`, chunks });
  const [outcome] = commit(writer, [operation], { uploadId, chunks }) ?? [];
  if (outcome !== undefined) acknowledge(index, outcome, crypto.sha256(content, 'hex'), content.byteLength);
}

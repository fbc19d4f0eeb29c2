import crypto from 'k6/crypto';
import { askMissing, commit, cut, putFile, sizeOf } from '../commit.ts';
import { fileSize } from '../file-size.ts';
import { tokenOf, whoAmI } from '../session.ts';

const filesOfBuild = 40;
/** Small ones: of the classes below a hundred kilobytes. */
const smallShare = 0.5;
const mostBytes = 100_000;

/** A build server puts many small files into a new folder with one commit, and deletes them with the next. */
export function churn(): void {
  const { index, user } = whoAmI();
  const writer = { ...user, accessToken: tokenOf(index, user) };
  const folderId = globalThis.crypto.randomUUID();
  const folder = { op: 'createFolder', entryId: folderId, parentId: user.rootId, name: `build-${folderId}` };
  const files = Array.from({ length: filesOfBuild }, (_, number) => {
    const content = crypto.randomBytes(fileSize(Math.random() * smallShare, Math.random(), mostBytes));
    return { entryId: globalThis.crypto.randomUUID(), parentId: folderId, name: `${number}.o`, chunks: cut(content, content.byteLength) };
  });
  const chunks = files.flatMap((file) => file.chunks);
  const uploadId = globalThis.crypto.randomUUID();
  const operations = [folder, ...files.map(putFile)];
  if (askMissing(writer, uploadId, sizeOf(chunks), chunks) === undefined) return;
  const outcomes = commit(writer, operations, { uploadId, chunks });
  if (outcomes === undefined) return;
  const seenSeq = Math.max(...outcomes.map(({ seq }) => seq));
  const deleted = outcomes.map(({ entryId, rev }) => ({ op: 'delete', entryId, baseRev: rev, seenSeq }));
  // The folder last: what is in it goes before it.
  commit(writer, deleted.toReversed());
}

import { countFailure, send } from '../send.ts';
import { tokenOf, whoAmI } from '../session.ts';

/** Somebody reads one of their files; it must come whole. */
export function download(): void {
  const { index, user } = whoAmI();
  const file = user.files[Math.floor(Math.random() * user.files.length)];
  if (file === undefined) throw new Error('the plan gives this user no files');
  const path = `/v1/drives/${user.drive}/entries/${file.entryId}/content`;
  const answer = send({ route: 'getContent', method: 'GET', path, accessToken: tokenOf(index, user), binary: true });
  if (answer === undefined) return;
  const { byteLength } = answer.body as ArrayBuffer;
  if (byteLength !== file.sizeBytes) countFailure('getContent', `${byteLength} bytes instead of ${file.sizeBytes}`);
}

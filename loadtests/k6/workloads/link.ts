import { countFailure, jsonOf, send } from '../send.ts';
import { tokenOf, whoAmI } from '../session.ts';
import { plan } from '../given-plan.ts';

/** Somebody makes a link to a folder, a stranger opens it, and it is ended. */
export function link(): void {
  const { index, user } = whoAmI();
  const accessToken = tokenOf(index, user);
  const body = JSON.stringify({ drive: user.drive, entry: user.folder.entryId });
  const made = send({ route: 'createLink', method: 'POST', path: '/v1/links', accessToken, body });
  if (made === undefined) return;
  const { linkId, path } = jsonOf<{ linkId: string; path: string }>(made);
  openLink(path, user.folder.sizeBytes);
  send({ route: 'revokeLink', method: 'DELETE', path: `/v1/links/${linkId}`, accessToken });
}

/** One of a crowd opens the link that everybody has heard of: the first user's. */
export function viral(): void {
  const { folder } = plan.users[0] ?? whoAmI().user;
  openLink(folder.linkPath, folder.sizeBytes);
}

/** What a browser asks of somebody who is signed in nowhere: what the link leads to, what is in it, and the file there. */
function openLink(path: string, sizeBytes: number): void {
  if (send({ route: 'getShared', method: 'GET', path }) === undefined) return;
  const listed = send({ route: 'listSharedChildren', method: 'GET', path: `${path}/children` });
  if (listed === undefined) return;
  const [file] = jsonOf<{ items: { entryId: string }[] }>(listed).items;
  if (file === undefined) return countFailure('listSharedChildren', 'the folder is empty');
  const begun = send({ route: 'downloadShared', method: 'GET', path: `${path}/content?entry=${file.entryId}` });
  if (begun === undefined) return;
  const content = send({ route: 'readDownload', method: 'GET', path: begun.headers['Location'] ?? '', binary: true });
  if (content === undefined) return;
  const { byteLength } = content.body as ArrayBuffer;
  if (byteLength !== sizeBytes) countFailure('readDownload', `${byteLength} bytes instead of ${sizeBytes}`);
}

import { commit } from '../commit.ts';
import { plan } from '../given-plan.ts';
import { countFailure, jsonOf, send } from '../send.ts';
import { tokenOf, whoAmI } from '../session.ts';

/** Somebody makes a folder and lets a colleague in to it, who finds it and looks into it; then they take it back. */
export function share(): void {
  const { index, user } = whoAmI();
  const accessToken = tokenOf(index, user);
  const otherIndex = (index + 1) % plan.users.length;
  const other = plan.users[otherIndex] ?? user;
  const entryId = globalThis.crypto.randomUUID();
  const folder = { op: 'createFolder', entryId, parentId: user.rootId, name: `shared-${entryId}` };
  if (commit({ ...user, accessToken }, [folder]) === undefined) return;
  const path = `/v1/drives/${user.drive}/entries/${entryId}`;
  const body = JSON.stringify({ email: other.email, role: 'viewer' });
  const granted = send({ route: 'addEntryGrant', method: 'POST', path: `${path}/grants`, accessToken, body });
  if (granted === undefined) return;
  const { subject } = jsonOf<{ subject: string }>(granted);
  const otherToken = tokenOf(otherIndex, other);
  const seen = send({ route: 'listGrantedEntries', method: 'GET', path: '/v1/granted?limit=1000', accessToken: otherToken });
  if (seen !== undefined && !jsonOf<{ items: { entry: { entryId: string } }[] }>(seen).items.some((one) => one.entry.entryId === entryId))
    countFailure('listGrantedEntries', 'a folder that was just shared is not there');
  send({ route: 'listChildren', method: 'GET', path: `${path}/children?limit=100`, accessToken: otherToken });
  send({ route: 'removeEntryGrant', method: 'DELETE', path: `${path}/grants/${subject}`, accessToken });
}

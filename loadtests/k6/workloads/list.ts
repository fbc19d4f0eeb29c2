import { send } from '../send.ts';
import { tokenOf, whoAmI } from '../session.ts';

/** Somebody looks into the top folder of their drive: its first hundred entries. */
export function list(): void {
  const { index, user } = whoAmI();
  const path = `/v1/drives/${user.drive}/entries/${user.rootId}/children?limit=100`;
  send({ route: 'listChildren', method: 'GET', path, accessToken: tokenOf(index, user) });
}

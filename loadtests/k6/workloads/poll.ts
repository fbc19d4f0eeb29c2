import { jsonOf, send } from '../send.ts';
import { tokenOf, whoAmI } from '../session.ts';

/** Each virtual user is a device that has read the journal so far. */
const cursors = new Map<number, string>();

/** A device asks what has changed since it asked last. */
export function poll(): void {
  const { index, user } = whoAmI();
  const after = encodeURIComponent(cursors.get(index) ?? user.cursor);
  const path = `/v1/drives/${user.drive}/changes?after=${after}`;
  const answer = send({ route: 'listChanges', method: 'GET', path, accessToken: tokenOf(index, user) });
  if (answer !== undefined) cursors.set(index, jsonOf<{ nextCursor: string }>(answer).nextCursor);
}

import { countFailure, jsonOf, send } from '../send.ts';
import { tokenOf, whoAmI } from '../session.ts';

/** Somebody looks for a file by a part of its name; they have one of that name. */
export function search(): void {
  const { index, user } = whoAmI();
  const name = `known-${Math.floor(Math.random() * user.files.length)}`;
  const answer = send({ route: 'searchEntries', method: 'GET', path: `/v1/search?q=${name}&limit=50`, accessToken: tokenOf(index, user) });
  if (answer === undefined) return;
  const found = jsonOf<{ items: { name: string }[] }>(answer).items;
  if (!found.some((one) => one.name === name)) countFailure('searchEntries', `${found.length} found, not what was looked for`);
}

import crypto from 'k6/crypto';
import { askMissing, commit, cut, putFile } from '../commit.ts';
import { countFailure, jsonOf, send } from '../send.ts';
import type { SignedIn } from '../session.ts';

const firstFiles = 3;
const fileBytes = 30_000;

type Home = { readonly drive: string; readonly driveEpoch: string; readonly rootId: string };

/** Somebody signs up, puts their first files, and sees them in their drive. */
export function onboard(): void {
  const id = globalThis.crypto.randomUUID();
  const account = { email: `new.${id}@example.com`, password: id, displayName: 'New', device: { name: 'load', kind: 'other' } };
  const signedUp = send({ route: 'signUp', method: 'POST', path: '/v1/signup', body: JSON.stringify(account) });
  if (signedUp === undefined) return;
  const { accessToken } = jsonOf<SignedIn>(signedUp);
  const drives = send({ route: 'listDrives', method: 'GET', path: '/v1/drives', accessToken });
  if (drives === undefined) return;
  const [home] = jsonOf<{ items: Home[] }>(drives).items;
  if (home === undefined) return countFailure('listDrives', 'a new user has no home drive');
  const writer = { ...home, accessToken };
  const files = Array.from({ length: firstFiles }, () => cut(crypto.randomBytes(fileBytes), fileBytes));
  const uploadId = globalThis.crypto.randomUUID();
  const chunks = files.flat();
  if (askMissing(writer, uploadId, firstFiles * fileBytes, chunks) === undefined) return;
  const operations = files.map((own, index) =>
    putFile({ entryId: globalThis.crypto.randomUUID(), parentId: home.rootId, name: `first-${index}`, chunks: own }),
  );
  if (commit(writer, operations, { uploadId, chunks }) === undefined) return;
  const path = `/v1/drives/${home.drive}/entries/${home.rootId}/children?limit=100`;
  const listed = send({ route: 'listChildren', method: 'GET', path, accessToken });
  if (listed === undefined) return;
  const { items } = jsonOf<{ items: { kind: string }[] }>(listed);
  const there = items.filter(({ kind }) => kind === 'file').length;
  if (there !== firstFiles) countFailure('listChildren', `${there} of ${firstFiles} files that were just committed`);
}

import { randomBytes, randomUUID } from 'node:crypto';
import { createClient, httpTransport, type Client, type Transport } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import { fileSize } from '../k6/file-size.ts';
import type { KnownFile, KnownFolder, LoadUser } from '../k6/plan.ts';

/** Somebody of the load, and how to ask the server as them afterwards. */
export type PreparedUser = { readonly user: LoadUser; readonly client: Client };

/** Files that each has from the beginning. */
const filesEach = 6;
const mostFileBytes = 8_000_000;

/**
 * Signs up `count` people of the tenant at `host`, or at the address, one after the other, and puts their first files. Throws where the
 * server does not let them.
 */
export async function prepareUsers(
  address: string,
  count: number,
  host?: string,
): Promise<{ readonly all: readonly PreparedUser[]; close(): void }> {
  const sockets = httpTransport(address);
  const transport: Transport = host === undefined ? sockets : (request) => sockets({ ...request, headers: { ...request.headers, host } });
  const all: PreparedUser[] = [];
  try {
    while (all.length < count) all.push(await prepareUser(transport));
  } catch (error) {
    sockets.close();
    throw error;
  }
  return { all, close: () => sockets.close() };
}

async function prepareUser(transport: Transport): Promise<PreparedUser> {
  const email = `load.${randomUUID()}@example.com`;
  const password = randomBytes(12).toString('hex');
  const signUp = { email, password, displayName: 'Load', device: { name: 'load', kind: 'other' as const } };
  const signedIn = await createClient({ transport }).call(routes.signUp, { body: signUp });
  const { deviceId } = signedIn;
  let { accessToken } = signedIn;
  const token = async (refused?: string): Promise<string> => {
    // After a long load the first token is over.
    const body = { email, password, device: { deviceId, name: 'load', kind: 'other' as const } };
    if (refused === accessToken) ({ accessToken } = await createClient({ transport }).call(routes.logIn, { body }));
    return accessToken;
  };
  const client = createClient({ transport, token });
  const [home] = (await client.call(routes.listDrives)).items;
  if (home === undefined) throw new Error('a new user has no home drive');
  const { drive, driveEpoch, rootId } = home;
  const files: KnownFile[] = [];
  for (let index = 0; index < filesEach; index += 1) files.push(await putFile(client, drive, index));
  const folder = await putFolder(client, home);
  const { nextCursor: cursor } = await client.call(routes.listChanges, { params: { drive } });
  const expiresAtMs = Date.parse(signedIn.expiresAt);
  return { user: { email, password, deviceId, accessToken, expiresAtMs, drive, driveEpoch, rootId, cursor, files, folder }, client };
}

/** One file of each size that comes up at even distances, so that every user has small ones and a large one. */
async function putFile(client: Client, drive: LoadUser['drive'], index: number): Promise<KnownFile> {
  const bytes = randomBytes(fileSize((index + 0.5) / filesEach, 0.5, mostFileBytes));
  const headers = { 'content-type': 'application/octet-stream' };
  const answer = await client.stream(routes.putFile, { params: { drive, path: `known-${index}` }, headers, body: [bytes] });
  const { entryId } = (await answer.json()) as { readonly entryId: string };
  return { entryId, sizeBytes: bytes.length };
}

const folderFileBytes = 20_000;

/** A folder with a file in it, and a link to it. */
async function putFolder(
  client: Client,
  { drive, driveEpoch, rootId }: Pick<LoadUser, 'drive' | 'driveEpoch' | 'rootId'>,
): Promise<KnownFolder> {
  const entryId = randomUUID();
  const folder = { op: 'createFolder' as const, writeId: randomUUID(), entryId, parentId: rootId, name: 'known-folder' };
  await client.call(routes.postCommit, { params: { drive }, body: { driveEpoch, operations: [folder] } });
  const headers = { 'content-type': 'application/octet-stream' };
  const params = { drive, entry: entryId, path: 'known' };
  await (await client.stream(routes.putFileBelow, { params, headers, body: [randomBytes(folderFileBytes)] })).json();
  const { path } = await client.call(routes.createLink, { body: { drive, entry: entryId } });
  if (path === undefined) throw new Error('a new link has no path');
  return { entryId, sizeBytes: folderFileBytes, linkPath: path };
}

import { createClient, httpTransport, type Client, type Transport } from '@driftbox/api-client';
import { chunkBytes, digestOf } from '@driftbox/chunking';
import { parseEntryId, parseWriteId, type Digest } from '@driftbox/domain';
import { encodeFrame, routes, type CommitAnswer, type Drive, type SentBody } from '@driftbox/protocol';
import { newId } from '@driftbox/testkit';
import { emailOf } from './email-of.ts';
import { worldPassword } from './world.ts';

/** Somebody who talks to the API directly: a client with their token, and their home drive. */
export type ApiUser = { readonly email: string; readonly client: Client; readonly accessToken: string; readonly drive: Drive };

/** Signs a new user up. The server must let everybody sign up. `host` names their tenant where it is not the default one. */
export async function signUpByApi(address: string, name: string, host?: string): Promise<ApiUser> {
  const transport = host === undefined ? httpTransport(address) : hostTransport(address, host);
  const body = {
    email: emailOf(name),
    password: worldPassword,
    displayName: name,
    device: { name: 'bench', kind: 'other' as const },
  };
  const { accessToken } = await createClient({ transport }).call(routes.signUp, { body });
  const client = createClient({ transport, token: async () => accessToken });
  const [drive] = (await client.call(routes.listDrives)).items;
  if (drive === undefined) throw new Error('a new user has no home drive');
  return { email: body.email, client, accessToken, drive };
}

/** The same user on a device of its own. */
export async function logInByApi(address: string, user: ApiUser, device: string): Promise<ApiUser> {
  const transport = httpTransport(address);
  const body = { email: user.email, password: worldPassword, device: { name: device, kind: 'other' as const } };
  const { accessToken } = await createClient({ transport }).call(routes.logIn, { body });
  return { ...user, accessToken, client: createClient({ transport, token: async () => accessToken }) };
}

/** A transport to `address` whose requests are for `host`. */
export function hostTransport(address: string, host: string): Transport {
  const transport = httpTransport(address);
  return (request) => transport({ ...request, headers: { ...request.headers, host } });
}

type CommitJson = SentBody<typeof routes.postCommit>;

/** One `putFile` of a new file at the top of a drive, its content one known chunk or none. */
export function newFile(
  drive: Drive,
  name: string,
  chunk: { readonly digest: string; readonly sizeBytes: number } | undefined,
): CommitJson['operations'][number] {
  return {
    op: 'putFile',
    writeId: newId(parseWriteId),
    entryId: newId(parseEntryId),
    parentId: drive.rootId,
    name,
    baseRev: null,
    sizeBytes: chunk?.sizeBytes ?? 0,
    mtime: '2026-01-01T00:00:00.000Z',
    chunkList: chunk === undefined ? [] : [chunk],
  };
}

/** A file's content of one chunk, and how a commit names it. */
export function oneChunk(bytes: Uint8Array): { readonly digest: Digest; readonly sizeBytes: number } {
  const [chunk, ...more] = chunkBytes(bytes);
  if (chunk === undefined || more.length > 0) throw new Error('this takes content of one chunk');
  return { digest: chunk.digest, sizeBytes: bytes.length };
}

/** The body of a commit, and before it in the same body the chunks that it needs, as clients send small files. */
export function commitPieces(drive: Drive, operations: CommitJson['operations'], contents: readonly Uint8Array[]): Uint8Array[] {
  const pieces = contents.flatMap((bytes) => {
    const { digest } = oneChunk(bytes);
    return [...encodeFrame({ kind: 'chunk', digest, plainSize: bytes.length, encoding: 'raw', bases: [], payload: bytes })];
  });
  const commit = Buffer.from(JSON.stringify({ driveEpoch: drive.driveEpoch, operations } satisfies CommitJson));
  const digest = digestOf(commit);
  pieces.push(...encodeFrame({ kind: 'commit', digest, plainSize: commit.length, encoding: 'raw', bases: [], payload: commit }));
  return pieces;
}

/** Sends operations with the content that they need. */
export async function sendCommit(
  { client, drive }: Pick<ApiUser, 'client' | 'drive'>,
  operations: CommitJson['operations'],
  contents: readonly Uint8Array[] = [],
): Promise<CommitAnswer> {
  const body = commitPieces(drive, operations, contents);
  const answer = await client.stream(routes.postCommit, { params: { drive: drive.drive }, body });
  return (await answer.json()) as CommitAnswer;
}

/** Puts new files of one chunk at the top of the drive, all in one request. Throws unless all are committed. */
export async function putFiles(user: ApiUser, files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Promise<void> {
  const operations = files.map(({ name, bytes }) => newFile(user.drive, name, oneChunk(bytes)));
  const { outcomes } = await sendCommit(
    user,
    operations,
    files.map(({ bytes }) => bytes),
  );
  const failed = outcomes.find(({ outcome }) => outcome !== 'committed');
  if (failed !== undefined) throw new Error(`not committed: ${JSON.stringify(failed)}`);
}

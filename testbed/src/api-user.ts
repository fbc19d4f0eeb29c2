import { createClient, httpTransport, type Client, type Transport } from '@driftbox/api-client';
import { chunkBytes } from '@driftbox/chunking';
import { parseEntryId, parseWriteId } from '@driftbox/domain';
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

/** A transport to `address` whose requests are for `host`. */
export function hostTransport(address: string, host: string): Transport {
  const transport = httpTransport(address, { serverName: new URL(address).hostname });
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

/** Puts chunks and the commit of their files in one request, as clients do with small files. Throws unless all are committed. */
export async function putFiles(user: ApiUser, files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Promise<void> {
  const pieces: Uint8Array[] = [];
  const operations: CommitJson['operations'] = [];
  for (const { name, bytes } of files) {
    const [chunk] = chunkBytes(bytes);
    if (chunk === undefined) throw new Error('putFiles takes files of one chunk');
    const { digest } = chunk;
    pieces.push(...encodeFrame({ kind: 'chunk', digest, plainSize: bytes.length, encoding: 'raw', bases: [], payload: bytes }));
    operations.push(newFile(user.drive, name, { digest, sizeBytes: bytes.length }));
  }
  const commit = Buffer.from(JSON.stringify({ driveEpoch: user.drive.driveEpoch, operations } satisfies CommitJson));
  const [named] = chunkBytes(commit);
  pieces.push(
    ...encodeFrame({ kind: 'commit', digest: named!.digest, plainSize: commit.length, encoding: 'raw', bases: [], payload: commit }),
  );
  const answer = await user.client.stream(routes.postCommit, { params: { drive: user.drive.drive }, body: pieces });
  const { outcomes } = (await answer.json()) as CommitAnswer;
  const failed = outcomes.find(({ outcome }) => outcome !== 'committed');
  if (failed !== undefined) throw new Error(`not committed: ${JSON.stringify(failed)}`);
}

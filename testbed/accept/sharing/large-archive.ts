import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { httpTransport } from '@driftbox/api-client';
import { parseEntryId, parseWriteId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { newId } from '@driftbox/testkit';
import { signUpByApi, type ApiUser } from '../../src/api-user.ts';
import { rawRequest } from '../../src/raw-request.ts';
import { startWorld, type World } from '../../src/world.ts';
import type { Point } from '../point.ts';

const pieceBytes = 1 << 20;
const largeBytes = 5 * 2 ** 30 + 12_345;
const small = Buffer.from('what lies beyond the first 4 GiB');

/** Reads it with a program of others, which checks every byte's sum. */
const reading = `import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(z.testzip(), *[f'{i.filename}={i.file_size}' for i in z.infolist() if not i.is_dir()], z.read('big/z.txt').decode(), sep='|')`;

/** A folder of more than 4 GiB through a link: zeros, so that one chunk is stored and the rest is sums. */
export const largeArchive: Point = {
  number: 5,
  promise:
    'a folder of more than 4 GiB comes through a link as one zip, as long as it said, which unzip and Python read: names, sizes, sums',
  show: async (tell) => {
    const world = await startWorld({ DRIFTBOX_SIGN_UP: 'open' });
    try {
      const user = await signUpByApi(world.address, 'zoe');
      const folder = await fill(world, user);
      tell('stored; the archive is fetched');
      const link = await user.client.call(routes.createLink, { body: { drive: user.drive.drive, entry: folder } });
      const zip = path.join(world.folder, 'big.zip');
      const { said, came } = await fetchSparsely(world.address, `${link.path}/archive`, zip);
      tell('fetched; it is read');
      const { stdout } = await promisify(execFile)('python3', ['-c', reading, zip]);
      const unzip = await promisify(execFile)('unzip', ['-t', zip]);
      const expected = `None|big/a.bin=${largeBytes}|big/z.txt=${small.length}|${small.toString()}`;
      const holds = said === came && stdout.trim() === expected && unzip.stdout.includes('No errors detected');
      return {
        holds,
        figure: `${came} bytes, ${said} were said; Python: ${stdout.trim()}; unzip: ${unzip.stdout.trim().split('\n').at(-1)}`,
      };
    } finally {
      await world.close();
    }
  },
};

async function fill({ address }: World, { client, drive, accessToken }: ApiUser) {
  const entryId = newId(parseEntryId);
  const operation = { op: 'createFolder' as const, entryId, writeId: newId(parseWriteId), parentId: drive.rootId, name: 'big' };
  await client.call(routes.postCommit, { params: { drive: drive.drive }, body: { driveEpoch: drive.driveEpoch, operations: [operation] } });
  const put = async (name: string, body: AsyncIterable<Uint8Array> | Uint8Array, sizeBytes: number): Promise<void> => {
    const { status } = await rawRequest(address, {
      method: 'PUT',
      path: `/v1/drives/${drive.drive}/files/big/${name}`,
      token: accessToken,
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(sizeBytes) },
      body,
    });
    if (status !== 201) throw new Error(`${name} was answered with ${status}`);
  };
  await put('a.bin', zeros(largeBytes), largeBytes);
  await put('z.txt', small, small.length);
  return entryId;
}

async function* zeros(bytes: number): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(pieceBytes);
  for (let left = bytes; left > 0; left -= pieceBytes) yield left < pieceBytes ? piece.subarray(0, left) : piece;
}

/** Writes what is not zero, and leaves holes: the disk need not have room for it. */
async function fetchSparsely(address: string, from: string, to: string): Promise<{ said: number; came: number }> {
  const transport = httpTransport(address);
  const file = await open(to, 'w');
  try {
    const answer = await transport({ method: 'GET', path: from, headers: {} });
    if (answer.status !== 200) throw new Error(`the archive was answered with ${answer.status}`);
    let came = 0;
    for await (const piece of answer.body) {
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      if (!bytes.equals(nothing.subarray(0, bytes.length))) await file.write(bytes, 0, bytes.length, came);
      came += bytes.length;
    }
    await file.truncate(came);
    return { said: Number(answer.headers['content-length']), came };
  } finally {
    await file.close();
    transport.close();
  }
}

/** As long as any piece that a socket gives. */
const nothing = Buffer.alloc(8 * 2 ** 20);

import { randomBytes } from 'node:crypto';
import { routes } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signUpByApi, type ApiUser } from '../src/api-user.ts';
import { openDoor, type OpenDoor } from '../src/target/open-door.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';
import { startTusUpload } from '../src/tus-upload.ts';

let door: OpenDoor;
let ada: ApiUser;
beforeAll(async () => {
  door = await openDoor();
  ada = await signUpByApi(door.address, 'ada');
});
afterAll(() => door?.close());

async function contentOf(path: string): Promise<Buffer> {
  const params = { drive: ada.drive.drive };
  const { entryId } = await ada.client.call(routes.resolvePath, { params, query: { path } });
  const answer = await fetch(`${door.address}/v1/drives/${params.drive}/entries/${entryId}/content`, {
    headers: { authorization: `Bearer ${ada.accessToken}` },
  });
  return Buffer.from(await answer.arrayBuffer());
}

test('several files at once arrive whole', async () => {
  const files = Array.from({ length: 6 }, (_, n) => ({ path: `at once ${n}.bin`, bytes: randomBytes(n * 3_000_000) }));
  await Promise.all(files.map(({ path, bytes }) => startTusUpload(door.address, ada, path, bytes).done));
  for (const { path, bytes } of files) expect((await contentOf(path)).equals(bytes)).toBe(true);
});

const ownServerTest = testThatNeeds('ownServer');
ownServerTest(
  'a client that died goes on from what it sent, and a server that was killed has all that it acknowledged',
  async () => {
    const bytes = randomBytes(48 * 2 ** 20);
    let acknowledged = 0;
    const onChunkComplete = (_size: number, accepted: number): void => void (acknowledged = accepted);
    const first = startTusUpload(door.address, ada, 'resumed.bin', bytes, { onChunkComplete });
    await waitFor(() => acknowledged > 0);
    first.abandon();
    const sent: number[] = [];
    const onProgress = (at: number): void => void sent.push(at);
    const uploadUrl = first.url() ?? null;
    const before = acknowledged;
    const second = startTusUpload(door.address, ada, 'resumed.bin', bytes, { uploadUrl, onProgress, onChunkComplete });
    await waitFor(() => acknowledged > before);
    await door.server().process().kill();
    await door.server().restart();
    await second.done;
    expect(sent[0]).toBeGreaterThanOrEqual(before);
    expect((await contentOf('resumed.bin')).equals(bytes)).toBe(true);
    const { entryId } = await ada.client.call(routes.resolvePath, { params: { drive: ada.drive.drive }, query: { path: 'resumed.bin' } });
    const { items } = await ada.client.call(routes.listRevisions, { params: { drive: ada.drive.drive, entry: entryId } });
    expect(items).toHaveLength(1);
  },
  60_000,
);

test('room is kept for a file from its beginning, and comes back when it is given up', async () => {
  const inFlightBytes = async () => (await ada.client.call(routes.getUsage)).user.inFlight;
  const before = await inFlightBytes();
  const headers = { authorization: `Bearer ${ada.accessToken}`, 'tus-resumable': '1.0.0' };
  const metadata = `path ${Buffer.from('given up.bin').toString('base64')}`;
  const begun = await fetch(`${door.address}/v1/drives/${ada.drive.drive}/uploads`, {
    method: 'POST',
    headers: { ...headers, 'upload-length': '5000000', 'upload-metadata': metadata },
  });
  expect(await inFlightBytes()).toBe(before + 5_000_000);
  const url = new URL(begun.headers.get('location') ?? '', door.address);
  expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(204);
  expect(await inFlightBytes()).toBe(before);
});

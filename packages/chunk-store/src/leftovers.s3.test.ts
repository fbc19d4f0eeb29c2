import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { temporaryFolder, testComponent } from '@driftbox/testkit';
import { createS3Bucket, createS3Client, openDiskStore, openS3Store, PackIdentity, type S3StoreOptions } from './index.ts';

const hourMs = 3_600_000;
const bucket = `packs-${randomUUID()}`;
const base: S3StoreOptions = { ...testComponent('s3'), bucket };
beforeAll(() => createS3Bucket(base));

const newId = () => PackIdentity.random().id;

test('in S3 foreign names are listed and left, uploads that a process left unfinished are ended, and no other', async () => {
  const options = { ...base, prefix: 'ours/' };
  const [store, client] = [await openS3Store(options), createS3Client(options)];
  try {
    const kept = newId();
    await store.write(kept, [randomBytes(100)]);
    const body = { pieces: [Buffer.from('x')], sizeBytes: 1, sha256Hex: createHash('sha256').update('x').digest('hex') };
    const put = async (key: string) => void (await client.send({ method: 'PUT', key, body }, 'put'));
    const begin = async (key: string) => void (await client.send({ method: 'POST', key, query: 'uploads' }, 'begin'));
    for (const key of ['ours/README', `ours/${kept}.old`, `ours/deeper/${kept}`, 'theirs/thing']) await put(key);
    const unfinished = newId();
    for (const key of [`ours/${unfinished}`, `theirs/${unfinished}`, 'ours/archive.tar']) await begin(key);
    const foreign = ['ours/README', `ours/${kept}.old`, `ours/deeper/${kept}`].sort();
    expect((await store.listForeign(10)).sort()).toEqual(foreign);
    expect(await store.listForeign(2)).toHaveLength(2);
    expect(await store.endUnfinished(hourMs)).toEqual({ ended: 0, left: 1 });
    expect(await store.endUnfinished(-hourMs)).toEqual({ ended: 1, left: 0 });
    expect(await store.endUnfinished(-hourMs)).toEqual({ ended: 0, left: 0 });
    const { body: listed } = await client.send({ method: 'GET', query: 'max-uploads=1000&uploads=' }, 'list');
    for (const key of [`theirs/${unfinished}`, 'ours/archive.tar']) expect(listed.toString()).toContain(`<Key>${key}</Key>`);
    expect((await store.listForeign(10)).sort()).toEqual(foreign);
    expect(await store.list({ limit: 10 })).toEqual({ packs: [{ id: kept, sizeBytes: 100 }] });
  } finally {
    store.close();
    client.close();
  }
});

test('on disk likewise', async () => {
  await using folder = await temporaryFolder();
  const root = path.join(folder.path, 'pool');
  const store = await openDiskStore(root);
  const kept = newId();
  await store.write(kept, [randomBytes(100)]);
  const [first, second] = [kept.slice(0, 1), kept.slice(1, 2)];
  const misplaced = kept.startsWith('0') ? 'f'.repeat(32) : '0'.repeat(32);
  const foreign = ['README', 'lost+found/file', `${first}/notes`, `${first}/${second}/${misplaced}`, `${first}/${second}/${kept}.old`];
  await mkdir(path.join(root, 'lost+found'));
  for (const name of foreign) await writeFile(path.join(root, name), 'x');
  for (const name of ['tmp/old', 'tmp/young']) await writeFile(path.join(root, name), 'x');
  await utimes(path.join(root, 'tmp/old'), new Date(0), new Date(0));
  expect(await store.endUnfinished(hourMs)).toEqual({ ended: 1, left: 1 });
  expect(await readdir(path.join(root, 'tmp'))).toEqual(['young']);
  const shown = foreign.map((name) => (name.startsWith('lost') ? 'lost+found' : name)).sort();
  expect((await store.listForeign(10)).sort()).toEqual(shown);
  expect((await store.list({ limit: 10 })).packs.map(({ id }) => id)).toContain(kept);
  expect((await store.listForeign(10)).sort()).toEqual(shown);
});

import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient, httpTransport, noRetry } from '@driftbox/api-client';
import { runProgram } from '@driftbox/cli';
import { parseEntryId, parseWriteId, type EntryId } from '@driftbox/domain';
import { routes, type Entry, type Link, type SentBody } from '@driftbox/protocol';
import { newId, readZip, temporaryFolder, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signUpByApi, type ApiUser } from '../src/api-user.ts';
import { rawRequest, type RawAnswer } from '../src/raw-request.ts';
import { openDoor, type OpenDoor } from '../src/target/open-door.ts';

let door: OpenDoor;
let user: ApiUser;
let other: ApiUser;
/** The album's own id, and a file beside it that no link to it may reach. */
const ids: Record<string, EntryId> = {};
const photo = randomBytes(3_000_000);

beforeAll(async () => {
  door = await openDoor();
  user = await signUpByApi(door.address, 'ada');
  other = await signUpByApi(door.address, 'bob');
  ids['album'] = await makeFolder(user.drive.rootId, 'Álbum');
  ids['inner'] = await makeFolder(ids['album'], 'inner');
  ids['empty'] = await makeFolder(ids['album'], 'empty');
  for (const [name, path, bytes] of [
    ['photo', '%C3%81lbum/photo.jpg', photo],
    ['note', '%C3%81lbum/inner/note%20%E6%97%A5.txt', Buffer.from('a note')],
    ['beside', 'beside.txt', Buffer.from('not yours')],
  ] as const)
    ids[name] = (await put(path, bytes)).entryId;
}, 120_000);
afterAll(() => door?.close());

async function makeFolder(parentId: EntryId, name: string): Promise<EntryId> {
  const entryId = newId(parseEntryId);
  const operation = { op: 'createFolder' as const, writeId: newId(parseWriteId), entryId, parentId, name };
  await commit([operation]);
  return entryId;
}
const commit = (operations: SentBody<typeof routes.postCommit>['operations']) =>
  user.client.call(routes.postCommit, { params: { drive: user.drive.drive }, body: { driveEpoch: user.drive.driveEpoch, operations } });
async function put(path: string, body: Uint8Array): Promise<Entry> {
  const target = `/v1/drives/${user.drive.drive}/files/${path}`;
  const headers = { 'content-type': 'application/octet-stream' };
  const answer = await rawRequest(door.address, { method: 'PUT', path: target, token: user.accessToken, headers, body });
  return JSON.parse(answer.body.toString()) as Entry;
}
const makeLink = (name: string, terms: Partial<SentBody<typeof routes.createLink>> = {}): Promise<Link> =>
  user.client.call(routes.createLink, { body: { drive: user.drive.drive, entry: ids[name]!, ...terms } });
const visit = (link: Link, rest = '', headers: Record<string, string> = {}): Promise<RawAnswer> =>
  rawRequest(door.address, { path: `${link.path}${rest}`, headers });
/** One download, begun and read. */
async function download(link: Link, query = ''): Promise<RawAnswer> {
  const begun = await visit(link, `/content${query}`);
  return begun.status === 303 ? rawRequest(door.address, { path: begun.headers['location']! }) : begun;
}
const json = (answer: RawAnswer): unknown => JSON.parse(answer.body.toString());
const visitor = () => createClient({ transport: httpTransport(door.address), retry: noRetry });
const tokenOf = (link: Link): string => link.path!.split('/').at(-1)!;

describe('a link to a file', () => {
  test('says what it leads to, and gives its bytes to who has no account, in ranges that count once', async () => {
    const link = await makeLink('photo');
    expect(json(await visit(link))).toMatchObject({
      needsPassword: false,
      role: 'viewer',
      entry: { kind: 'file', name: 'photo.jpg', sizeBytes: photo.length },
    });
    // Asking what it is takes nothing: programs do it by themselves.
    const head = await rawRequest(door.address, { method: 'HEAD', path: `${link.path}/content` });
    expect([head.status, head.headers['content-length'], head.headers['location']]).toEqual([200, String(photo.length), undefined]);
    const begun = await visit(link, '/content');
    const path = begun.headers['location']!;
    expect([begun.status, path.startsWith(`${link.path}/downloads/`)]).toEqual([303, true]);
    const whole = await rawRequest(door.address, { path });
    expect([whole.status, whole.body.equals(photo), whole.headers['x-content-type-options']]).toEqual([200, true, 'nosniff']);
    const middle = await rawRequest(door.address, { path, headers: { range: 'bytes=1000000-1999999' } });
    expect([middle.status, middle.body.equals(photo.subarray(1_000_000, 2_000_000))]).toEqual([206, true]);
    const beyond = await rawRequest(door.address, { path, headers: { range: `bytes=${photo.length}-` } });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${photo.length}`]);
    expect(await user.client.call(routes.getLink, { params: { link: link.linkId } })).toMatchObject({ downloads: 1, state: 'active' });
    const { items } = await user.client.call(routes.listLinkUses, { params: { link: link.linkId } });
    expect(items).toMatchObject([{ kind: 'download', name: 'photo.jpg', entryId: ids['photo'] }]);
  });

  test('lets exactly as many downloads begin as it may, however many are asked for at once', async () => {
    const link = await makeLink('photo', { maxDownloads: 3 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => visit(link, '/content')));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 303, 303, ...Array.from({ length: 9 }, () => 404)]);
    expect((await visit(link)).code).toBe('not_found');
    expect(await user.client.call(routes.getLink, { params: { link: link.linkId } })).toMatchObject({ downloads: 3, state: 'used_up' });
    // What was begun may still be read.
    const [first] = answers.filter(({ status }) => status === 303);
    expect((await rawRequest(door.address, { path: first!.headers['location']! })).status).toBe(200);
  });

  test('ends at once for everything begun through it when it is revoked', async () => {
    const link = await makeLink('photo');
    const path = (await visit(link, '/content')).headers['location']!;
    await user.client.call(routes.revokeLink, { params: { link: link.linkId } });
    expect([(await visit(link)).code, (await rawRequest(door.address, { path })).code]).toEqual(['not_found', 'not_found']);
    await expect(user.client.call(routes.getLink, { params: { link: link.linkId } })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('leads nowhere while the file lies in the trash', async () => {
    const { entryId, rev, seq } = await put('brief.txt', Buffer.from('brief'));
    ids['brief'] = entryId;
    const link = await makeLink('brief');
    await commit([{ op: 'delete', writeId: newId(parseWriteId), entryId, baseRev: rev, seenSeq: seq }]);
    expect((await visit(link)).code).toBe('not_found');
    expect((await visit(link, '/content')).code).toBe('not_found');
    await commit([{ op: 'untrash', writeId: newId(parseWriteId), entryId }]);
    expect((await visit(link)).status).toBe(200);
  });

  test('leads on when the file moves to another drive that its maker may share from', async () => {
    const { entryId, rev } = await put('roaming.txt', Buffer.from('roaming'));
    ids['roaming'] = entryId;
    const link = await makeLink('roaming');
    const begun = await visit(link, '/content');
    const { drive, rootId: parentId } = await user.client.call(routes.createDrive, { body: { name: 'Elsewhere' } });
    const move = {
      op: 'move' as const,
      writeId: newId(parseWriteId),
      entryId,
      parentId,
      name: 'arrived.txt',
      baseRev: rev,
      toDrive: drive,
    };
    expect((await commit([move])).outcomes).toMatchObject([{ outcome: 'committed' }]);
    expect(json(await visit(link))).toMatchObject({ entry: { name: 'arrived.txt' } });
    expect((await download(link)).body.toString()).toBe('roaming');
    expect((await rawRequest(door.address, { path: begun.headers['location']! })).body.toString()).toBe('roaming');
    expect(await user.client.call(routes.getLink, { params: { link: link.linkId } })).toMatchObject({ drive, state: 'active' });
  });

  test('is made once per idempotency key, and shown again with the same address', async () => {
    const body = { drive: user.drive.drive, entry: ids['photo']!, password: 'tell nobody' };
    const idempotencyKey = randomBytes(8).toString('hex');
    const [one, two] = [
      await user.client.call(routes.createLink, { body, idempotencyKey }),
      await user.client.call(routes.createLink, { body, idempotencyKey }),
    ];
    expect(two).toEqual(one);
    await expect(
      user.client.call(routes.createLink, { body: { ...body, password: 'tell anybody' }, idempotencyKey }),
    ).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
  });
});

describe('a password', () => {
  test('opens a link for an hour; without it nothing is told', async () => {
    const link = await makeLink('photo', { password: 'open sesame' });
    expect(json(await visit(link))).toEqual({ needsPassword: true });
    expect((await visit(link, '/content')).code).toBe('unauthenticated');
    const unlock = (password: string) => visitor().call(routes.unlockShared, { params: { linkToken: tokenOf(link) }, body: { password } });
    await expect(unlock('open barley')).rejects.toMatchObject({ code: 'unauthenticated' });
    const { pass } = await unlock('open sesame');
    expect((await download(link, `?pass=${pass}`)).body.equals(photo)).toBe(true);
    expect(json(await visit(link, '', { 'driftbox-link-pass': pass }))).toMatchObject({ needsPassword: false });
    // Another password voids it.
    await user.client.call(routes.updateLink, { params: { link: link.linkId }, body: { password: 'open wheat' } });
    expect((await visit(link, `/content?pass=${pass}`)).code).toBe('unauthenticated');
  });

  test('is not guessed: tries are counted before they are looked at', async () => {
    const link = await makeLink('photo', { password: 'open sesame' });
    const tries = Array.from({ length: 25 }, (_, n) =>
      visitor()
        .call(routes.unlockShared, { params: { linkToken: tokenOf(link) }, body: { password: `guess ${n}` } })
        .catch((error: { code: string }) => error.code),
    );
    const codes = await Promise.all(tries);
    expect(codes.filter((code) => code === 'unauthenticated')).toHaveLength(10);
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(15);
  });
});

describe('a link to a folder', () => {
  test('shows what is in it and below, and nothing beside it', async () => {
    const link = await makeLink('album');
    expect(json(await visit(link, '/children'))).toMatchObject({ items: [{ name: 'empty' }, { name: 'inner' }, { name: 'photo.jpg' }] });
    expect(json(await visit(link, `/children?entry=${ids['inner']}`))).toMatchObject({ items: [{ name: 'note 日.txt', sizeBytes: 6 }] });
    expect((await download(link, `?entry=${ids['note']}`)).body.toString()).toBe('a note');
    for (const entry of [ids['beside'], user.drive.rootId, newId(parseEntryId)])
      for (const route of ['children', 'content', 'archive'])
        expect([route, (await visit(link, `/${route}?entry=${entry}`)).code]).toEqual([route, 'not_found']);
  });

  test('gives all of it as one zip, with the size said before', async () => {
    const link = await makeLink('album');
    const head = await rawRequest(door.address, { method: 'HEAD', path: `${link.path}/archive` });
    const answer = await visit(link, '/archive');
    expect([head.status, head.headers['content-length']]).toEqual([200, answer.headers['content-length']]);
    expect([answer.headers['content-type'], Number(answer.headers['content-length'])]).toEqual(['application/zip', answer.body.length]);
    expect(answer.headers['content-disposition']).toContain("filename*=UTF-8''%C3%81lbum.zip");
    const files = readZip(answer.body);
    expect([...files.keys()].sort()).toEqual(['Álbum/empty/', 'Álbum/inner/', 'Álbum/inner/note 日.txt', 'Álbum/photo.jpg']);
    expect([files.get('Álbum/photo.jpg')!.equals(photo), files.get('Álbum/inner/note 日.txt')!.toString()]).toEqual([true, 'a note']);
    expect(await user.client.call(routes.getLink, { params: { link: link.linkId } })).toMatchObject({ downloads: 1 });
  });
});

describe('a file request', () => {
  test('takes files from anybody, shows none, and overwrites none', async () => {
    ids['inbox'] = await makeFolder(user.drive.rootId, 'Inbox');
    const link = await makeLink('inbox', { role: 'uploader' });
    const send = (name: string, body: Uint8Array) =>
      rawRequest(door.address, {
        method: 'POST',
        path: `${link.path}/upload?name=${encodeURIComponent(name)}`,
        headers: { 'content-type': 'application/octet-stream' },
        body,
      });
    const large = randomBytes(9_000_000);
    const answers = await Promise.all([
      send('scan.pdf', Buffer.from('one')),
      send('scan.pdf', Buffer.from('two')),
      send('video.mp4', large),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const { items } = await user.client.call(routes.listChildren, { params: { drive: user.drive.drive, entry: ids['inbox'] } });
    expect(items.map(({ name }) => name).sort()).toEqual(['scan (2).pdf', 'scan.pdf', 'video.mp4']);
    const video = items.find(({ name }) => name === 'video.mp4')!;
    const content = await rawRequest(door.address, {
      path: `/v1/drives/${user.drive.drive}/entries/${video.entryId}/content`,
      token: user.accessToken,
    });
    expect(content.body.equals(large)).toBe(true);
    for (const route of ['children', 'content', 'archive']) expect((await visit(link, `/${route}`)).code).toBe('not_found');
    expect((await send('../up', Buffer.from('x'))).code).toBe('invalid_argument');
    await user.client.call(routes.revokeLink, { params: { link: link.linkId } });
    expect((await send('late.pdf', Buffer.from('x'))).code).toBe('not_found');
  });

  test('is for folders', async () => {
    await expect(makeLink('photo', { role: 'uploader' })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  test('is no way to read, nor is a link to read one to write', async () => {
    const link = await makeLink('album');
    const path = `${link.path}/upload?name=x`;
    const headers = { 'content-type': 'application/octet-stream' };
    expect((await rawRequest(door.address, { method: 'POST', path, headers, body: Buffer.from('x') })).code).toBe('not_found');
  });
});

describe('from the command line', () => {
  let folder: TemporaryFolder;
  beforeAll(async () => void (folder = await temporaryFolder()));
  afterAll(async () => folder[Symbol.asyncDispose]());

  /** Runs a command as ada, or as somebody without an account. */
  async function run(signedIn: boolean, ...args: string[]): Promise<{ code: number; out: string }> {
    let out = '';
    const known = signedIn ? { DRIFTBOX_TOKEN: user.accessToken, DRIFTBOX_SERVER: door.address } : {};
    const env = { DRIFTBOX_CONFIG_DIR: path.join(folder.path, 'config'), DRIFTBOX_ALLOW_HTTP: '1', ...known };
    const stdout = { write: (text: string) => (out += text) };
    const code = await runProgram(args, { env, signal: new AbortController().signal, stdout, stderr: { write: () => {} } });
    return { code, out };
  }
  const here = (name: string): string => path.join(folder.path, name);

  test('a link is made, shown, used without an account, listed and revoked', async () => {
    const url = (await run(true, 'link', 'create', '/Álbum/photo.jpg', '--expires', '7d', '--max-downloads', '2')).out.trim();
    expect(await run(false, 'fetch', url, here('fetched.jpg'))).toMatchObject({ code: 0 });
    expect((await readFile(here('fetched.jpg'))).equals(photo)).toBe(true);
    expect((await run(false, 'fetch', url, here('fetched.jpg'))).code).toBe(1);
    const shown = JSON.parse((await run(true, 'link', 'show', url, '--json')).out) as Record<string, unknown>;
    expect(shown).toMatchObject({ url, entryPath: '/Álbum/photo.jpg', downloads: 1, maxDownloads: 2, uses: [{ kind: 'download' }] });
    expect((await run(true, 'link', 'list', '/Álbum/photo.jpg')).out).toContain(url);
    expect((await run(true, 'link', 'revoke', url)).code).toBe(0);
    expect((await run(false, 'fetch', url, here('again.jpg'))).code).toBe(4);
    expect((await run(true, 'link', 'show', url)).code).toBe(2);
  });

  test('a folder behind a password comes as a zip, to who knows it', async () => {
    await writeFile(here('right'), 'open sesame\n');
    await writeFile(here('wrong'), 'open barley\n');
    const url = (await run(true, 'link', 'create', '/Álbum', '--password-file', here('right'))).out.trim();
    expect((await run(false, 'fetch', url, here('album.zip'), '--password-file', here('wrong'))).code).toBe(3);
    expect((await run(false, 'fetch', url, `${folder.path}/`, '--password-file', here('right'))).code).toBe(0);
    expect(
      readZip(await readFile(here('Álbum.zip')))
        .get('Álbum/photo.jpg')!
        .equals(photo),
    ).toBe(true);
  });

  test('a file request gives nothing, and mistakes are told', async () => {
    const url = (await run(true, 'request', '/Álbum')).out.trim();
    expect((await run(false, 'fetch', url)).code).toBe(3);
    for (const args of [
      ['link', 'make', '/x'],
      ['link', 'create'],
      ['link', 'create', '/Álbum', '--max-downloads', 'x'],
      ['request', '/Álbum', '--expires', 'soon'],
    ])
      expect([args, (await run(true, ...args)).code]).toEqual([args, 2]);
    expect((await run(false, 'fetch', 'https://example.com/elsewhere')).code).toBe(2);
    expect((await run(true, 'link', 'create', '/nothing')).code).toBe(4);
  });
});

describe('links of others', () => {
  test('are made, seen, changed and ended by nobody else', async () => {
    const link = await makeLink('photo');
    const call = { params: { link: link.linkId } };
    const tries = [
      other.client.call(routes.createLink, { body: { drive: user.drive.drive, entry: ids['photo']! } }),
      other.client.call(routes.getLink, call),
      other.client.call(routes.updateLink, { ...call, body: { maxDownloads: null } }),
      other.client.call(routes.revokeLink, call),
      other.client.call(routes.listLinkUses, call),
    ];
    for (const one of tries) await expect(one).rejects.toMatchObject({ code: 'not_found' });
    await expect(other.client.call(routes.listLinks, { query: { of: 'everybody' } })).rejects.toMatchObject({ code: 'permission_denied' });
    expect((await other.client.call(routes.listLinks)).items).toEqual([]);
    const mine = await user.client.call(routes.listLinks, { query: { entry: ids['photo'] } });
    expect(mine.items.find(({ linkId }) => linkId === link.linkId)?.path).toBe(link.path);
  });

  test('that never were are one answer, and guessing them is slowed down', async () => {
    const guess = (): Promise<RawAnswer> => rawRequest(door.address, { path: `/v1/shared/${randomBytes(32).toString('base64url')}` });
    const codes = new Set<string | undefined>();
    for (let n = 0; n < 80; n += 1) codes.add((await guess()).code);
    expect([...codes]).toEqual(['not_found', 'rate_limited']);
    expect((await visit(await makeLink('photo'))).status).toBe(200);
  });
});

import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describeKeyManager } from '@driftbox/chunk-store/conformance';
import { temporaryFolder, type TemporaryFolder } from '@driftbox/testkit';
import { StoreError } from '../store-error.ts';
import { newKey } from '../testing/pack-fixture.ts';
import { TransitServer, type TransitCall } from '../testing/transit-server.ts';
import type { KeyManager } from './key-manager.ts';
import { transitError, type TransitSettings } from './transit-client.ts';
import { createTransitKeyManager } from './transit-key-manager.ts';

const token = 's.token-of-a-test';
let server: TransitServer;
let folder: TemporaryFolder;
let settings: TransitSettings;
let manager: KeyManager;
beforeEach(async () => {
  server = await TransitServer.start();
  folder = await temporaryFolder();
  settings = { url: server.url, mount: 'transit', key: 'main', tokenFile: `${folder.path}/token` };
  await writeFile(settings.tokenFile, `${token}\n`);
  manager = createTransitKeyManager(settings);
});
afterEach(async () => {
  await server.close();
  await folder.remove();
});

describeKeyManager('transit over HTTP', async () => ({ manager, again: async () => createTransitKeyManager(settings) }));

/** Answers `path` with this text, and everything else as the engine does. */
const saying = (path: string, text: string, status = 200): void => {
  server.instead = (call: TransitCall) => (call.path === path ? { status, text } : undefined);
};
const data = (inner: unknown): string => JSON.stringify({ data: inner });
const odd = { name: 'StoreError', kind: 'unavailable', transient: false, message: expect.stringContaining('no transit engine') };

describe('what goes to the engine', () => {
  test('carries the token and the namespace, and each key is bound to its tenant and generation', async () => {
    const named = createTransitKeyManager({ ...settings, namespace: 'team' });
    const key = newKey(7);
    await named.unwrap(key, await named.wrap(key));
    for (const { headers } of server.calls) expect([headers['x-vault-token'], headers['x-vault-namespace']]).toEqual([token, 'team']);
    const contexts = server.calls.flatMap(({ body }) => (body['context'] === undefined ? [] : [String(body['context'])]));
    const context = `driftbox data key 1 ${key.tenant} 7`;
    expect(contexts.map((text) => Buffer.from(text, 'base64').toString())).toEqual([context, context]);
    await manager.generations();
    expect(server.calls.at(-1)?.headers).not.toHaveProperty('x-vault-namespace');
  });

  test('has no secret in its place, and a slash at the end of the address changes nothing', async () => {
    const slashed = createTransitKeyManager({ ...settings, url: `${server.url}/` });
    expect([slashed.place, manager.place]).toEqual(Array.from({ length: 2 }, () => `${server.url}/v1/transit/keys/main`));
    expect(await slashed.generations()).toEqual({ current: 1, usable: [1] });
  });

  test('asks for nothing where there is nothing to re-wrap, and leaves out what is not of its generation', async () => {
    expect(await manager.rewrap([])).toEqual([]);
    const of = newKey();
    const wrapped = await manager.wrap(of);
    server.calls.length = 0;
    const wrong = { of, wrapped: { ...wrapped, keyGeneration: 2 } };
    expect(await manager.rewrap([wrong])).toEqual([expect.objectContaining({ kind: 'corrupt' })]);
    expect(server.calls).toEqual([]);
    const answers = await manager.rewrap([wrong, { of, wrapped }, wrong]);
    expect(answers.map((answer) => answer instanceof StoreError)).toEqual([true, false, true]);
    expect(server.calls.map(({ body }) => (body['batch_input'] as unknown[]).length)).toEqual([1]);
  });

  test('forbids a generation before it destroys it, and destroys none that is not there', async () => {
    await manager.rotate();
    await expect(manager.retire(2)).rejects.toThrow('in use');
    await expect(manager.retire(0)).rejects.toMatchObject({ kind: 'not_found' });
    server.calls.length = 0;
    await manager.retire(1);
    expect(server.calls.filter(({ method }) => method === 'POST').map(({ path, body }) => [path, body])).toEqual([
      ['keys/main/config', { min_decryption_version: 2, min_encryption_version: 2 }],
      ['keys/main/trim', { min_available_version: 2 }],
    ]);
  });
});

describe('what is no answer of an engine', () => {
  const texts = ['', '{}', 'null', '[]', '7', '"text"', '<html>', '{"data":null}', '{"data":7}', '{"data":[]}', '{"data":'];

  test.each(texts)('%j is unavailable to every call, and is not tried again', async (text) => {
    const key = newKey();
    const wrapped = await manager.wrap(key);
    server.instead = () => ({ status: 200, text });
    const calls = [
      manager.generations(),
      manager.wrap(key),
      manager.unwrap(key, wrapped),
      manager.rewrap([{ of: key, wrapped }]),
      manager.rotate(),
      manager.retire(1),
    ];
    for (const outcome of await Promise.allSettled(calls)) expect(outcome).toMatchObject({ status: 'rejected', reason: odd });
  });

  test.each([
    { latest_version: '1', keys: { 1: 0 }, derived: true },
    { latest_version: 1.5, keys: { 1: 0 }, derived: true },
    { latest_version: 1, keys: null, derived: true },
    { latest_version: 1, keys: 'x', derived: true },
    { latest_version: 1, derived: true },
  ])('generations that are %j are none', async (inner) => {
    saying('keys/main', data(inner));
    await expect(manager.generations()).rejects.toMatchObject(odd);
  });

  test.each([undefined, false, 'true', 1])('a key of which derived is %j is never used', async (derived) => {
    saying('keys/main', data({ latest_version: 1, keys: { 1: 0 }, derived }));
    await expect(manager.wrap(newKey())).rejects.toMatchObject({ kind: 'unavailable', transient: false });
    expect(server.calls.map(({ path }) => path)).toEqual(['keys/main']);
  });

  test.each([
    '',
    'vault:v1:',
    'vault:v0:AAAA',
    'vault:v01:AAAA',
    'vault:v1:AA AA',
    'vault:vx:AAAA',
    'v1:AAAA',
    'vault:v1234567890:AA',
    7,
    null,
  ])('a wrapping that is %j is none', async (ciphertext) => {
    saying('encrypt/main', data({ ciphertext }));
    await expect(manager.wrap(newKey())).rejects.toMatchObject(odd);
  });

  test.each([0, 16, 31, 33])('a data key of %i bytes is corrupt', async (length) => {
    const key = newKey();
    const wrapped = await manager.wrap(key);
    saying('decrypt/main', data({ plaintext: Buffer.alloc(length, 1).toString('base64') }));
    await expect(manager.unwrap(key, wrapped)).rejects.toMatchObject({ kind: 'corrupt', transient: false });
  });

  test.each(['7', 'null', '{}', '[]', '[{},{}]', '[null]', '[7]', '[{"ciphertext":7}]', '[{"error":""}]'])(
    'a batch of one that is answered by %s is refused as a whole',
    async (results) => {
      const of = newKey();
      const wrapped = await manager.wrap(of);
      saying('rewrap/main', `{"data":{"batch_results":${results}}}`);
      await expect(manager.rewrap([{ of, wrapped }])).rejects.toMatchObject(odd);
    },
  );
});

describe('what the engine refuses', () => {
  test.each([
    ['cipher: message authentication failed', 'corrupt', false],
    ['invalid ciphertext: no prefix', 'corrupt', false],
    ['invalid ciphertext: wrong number of fields', 'corrupt', false],
    ['invalid ciphertext: could not decode base64', 'corrupt', false],
    ['illegal base64 data at input byte 4', 'corrupt', false],
    ['ciphertext version is disallowed by policy (too old)', 'not_found', false],
    ['invalid ciphertext: version is too new', 'not_found', false],
    ['encryption key not found', 'unavailable', false],
    ['', 'unavailable', false],
  ] as const)('with %j is %s', (said, kind, transient) => {
    expect(transitError('decrypt', said)).toMatchObject({ name: 'StoreError', kind, transient, message: `decrypt: ${said}` });
  });

  test.each([
    [400, false],
    [403, true],
    [404, false],
    [412, true],
    [429, true],
    [500, true],
    [503, true],
  ])('with status %i is unavailable; worth another try: %s', async (status, transient) => {
    for (const text of ['{"errors":["sealed"]}', '{"errors":[]}', '{"errors":"x"}', 'null', '']) {
      saying('keys/main', text, status);
      const said = text.includes('sealed') ? 'sealed' : `status ${status}`;
      await expect(manager.generations()).rejects.toMatchObject({
        kind: 'unavailable',
        transient,
        message: `transit/keys/main: ${said}`,
      });
    }
  });

  test('is quoted up to 200 characters', async () => {
    saying('keys/main', JSON.stringify({ errors: ['x'.repeat(150), 'y'.repeat(150)] }), 500);
    const error = await manager.generations().catch((thrown: StoreError) => thrown);
    expect(error).toMatchObject({ message: `transit/keys/main: ${'x'.repeat(150)}; ${'y'.repeat(48)}` });
  });

  test('by leading elsewhere is not followed: the token would go there', async () => {
    const other = await TransitServer.start();
    server.instead = () => ({ status: 307, text: '', headers: { location: `${other.url}/v1/transit/keys/main` } });
    await expect(manager.generations()).rejects.toMatchObject({ kind: 'unavailable', transient: true });
    expect(other.calls).toEqual([]);
    await other.close();
  });
});

describe('a token', () => {
  test.each(['', ' \n', 'two words', 'tab\there', 'ümlaut', 'line\nbreak'])('that is %j is none, and is not quoted', async (text) => {
    await writeFile(settings.tokenFile, text);
    const error = await manager.generations().catch((thrown: StoreError) => thrown);
    expect(error).toMatchObject({ kind: 'unavailable', message: `${settings.tokenFile} holds no token` });
    expect(server.calls).toEqual([]);
  });

  test('whose file is gone is asked for again with the next call', async () => {
    const lost = createTransitKeyManager({ ...settings, tokenFile: `${folder.path}/other` });
    await expect(lost.generations()).rejects.toMatchObject({ kind: 'unavailable', transient: true });
    await writeFile(`${folder.path}/other`, token);
    expect(await lost.generations()).toEqual({ current: 1, usable: [1] });
  });
});

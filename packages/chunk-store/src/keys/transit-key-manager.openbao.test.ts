import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { describeKeyManager } from '@driftbox/chunk-store/conformance';
import { temporaryFolder, testComponent } from '@driftbox/testkit';
import { newKey } from '../testing/pack-fixture.ts';
import type { TransitSettings } from './transit-client.ts';
import { createTransitKeyManager } from './transit-key-manager.ts';

const server = () => testComponent('openbao');

async function ask(what: string, body: object, method = 'POST'): Promise<{ auth?: { client_token: string } }> {
  const { url, token } = server();
  const answer = await fetch(`${url}/v1/${what}`, { method, body: JSON.stringify(body), headers: { 'X-Vault-Token': token } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${what}: ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

/** The rights that docs/keys.md tells people to give, for one key. */
const policyOf = (key: string): string =>
  [
    `path "transit/keys/${key}" { capabilities = ["read"] }`,
    ...['encrypt', 'decrypt', 'rewrap'].map((one) => `path "transit/${one}/${key}" { capabilities = ["update"] }`),
    ...['rotate', 'config', 'trim'].map((one) => `path "transit/keys/${key}/${one}" { capabilities = ["update"] }`),
  ].join('\n');

type Made = TransitSettings & { readonly dispose: () => Promise<void> };

/** Settings for a key of its own, with a token that may do nothing else. */
async function makeKey(parameters: object = { derived: true }): Promise<Made> {
  const folder = await temporaryFolder();
  const key = `k${randomUUID()}`;
  await ask(`transit/keys/${key}`, { type: 'aes256-gcm96', ...parameters });
  await ask(`sys/policies/acl/${key}`, { policy: policyOf(key) }, 'PUT');
  const { auth } = await ask('auth/token/create', { policies: [key], ttl: '1h' });
  const tokenFile = `${folder.path}/token`;
  await writeFile(tokenFile, `${auth?.client_token}\n`);
  return { url: server().url, mount: 'transit', key, tokenFile, dispose: () => folder.remove() };
}

describeKeyManager('the transit key manager', async () => {
  const { dispose, ...settings } = await makeKey();
  return { manager: createTransitKeyManager(settings), again: async () => createTransitKeyManager(settings), dispose };
});

test('the token is read for each call: a revoked one is refused, its successor is not', async () => {
  const { dispose, ...settings } = await makeKey();
  const manager = createTransitKeyManager(settings);
  const key = newKey();
  const wrapped = await manager.wrap(key);
  const { auth } = await ask('auth/token/create', { policies: [settings.key], ttl: '1h' });
  await ask('auth/token/revoke', { token: auth?.client_token });
  await writeFile(settings.tokenFile, auth?.client_token ?? '');
  for (const call of [manager.unwrap(key, wrapped), manager.wrap(key), manager.generations(), manager.rotate()])
    await expect(call).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('permission denied') });
  const next = await ask('auth/token/create', { policies: [settings.key], ttl: '1h' });
  await writeFile(settings.tokenFile, next.auth?.client_token ?? '');
  expect((await manager.unwrap(key, wrapped)).secret.equals(key.secret)).toBe(true);
  await writeFile(settings.tokenFile, 'two words');
  await expect(manager.wrap(key)).rejects.toMatchObject({ kind: 'unavailable', message: expect.not.stringContaining('two words') });
  await dispose();
  await expect(manager.wrap(key)).rejects.toMatchObject({ kind: 'unavailable' });
});

test('a key that does not derive, that is not there, or a mount that is not is never used nor made', async () => {
  const flat = await makeKey({ derived: false });
  const unmade = (change: Partial<TransitSettings>) => createTransitKeyManager({ ...flat, ...change });
  await writeFile(flat.tokenFile, server().token);
  await expect(createTransitKeyManager(flat).wrap(newKey())).rejects.toThrow('derived=true');
  const absent = unmade({ key: 'absent' });
  for (let tries = 0; tries < 2; tries += 1) await expect(absent.wrap(newKey())).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(unmade({ mount: 'nowhere' }).generations()).rejects.toMatchObject({ kind: 'unavailable', transient: false });
  await flat.dispose();
});

test('a key that was deleted, and one that was made anew in its place, open nothing', async () => {
  const { dispose, ...settings } = await makeKey();
  const manager = createTransitKeyManager(settings);
  const key = newKey();
  const wrapped = await manager.wrap(key);
  await ask(`transit/keys/${settings.key}/config`, { deletion_allowed: true });
  await ask(`transit/keys/${settings.key}`, {}, 'DELETE');
  await expect(manager.unwrap(key, wrapped)).rejects.toMatchObject({ kind: 'unavailable' });
  await ask(`transit/keys/${settings.key}`, { type: 'aes256-gcm96', derived: true });
  await expect(manager.unwrap(key, wrapped)).rejects.toMatchObject({ kind: 'corrupt' });
  await dispose();
});

test('a server that says nothing, or nonsense, is unavailable within the deadline', async () => {
  const answers: ((respond: (text: string) => void) => void)[] = [() => {}, (respond) => respond('<html>'), (respond) => respond('{}')];
  const { dispose, ...settings } = await makeKey();
  for (const answer of answers) {
    const odd = createServer((_, response) => answer((text) => response.end(text))).listen(0, '127.0.0.1');
    await new Promise((resolve) => odd.once('listening', resolve));
    const url = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
    const manager = createTransitKeyManager({ ...settings, url, timeoutMs: 200 });
    await expect(manager.wrap(newKey())).rejects.toMatchObject({ kind: 'unavailable' });
    odd.closeAllConnections();
    odd.close();
  }
  await dispose();
});

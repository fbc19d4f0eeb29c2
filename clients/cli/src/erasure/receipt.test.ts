import { createPrivateKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TenantId } from '@driftbox/domain';
import { destroyedKeys, type ErasureStatement } from '@driftbox/protocol';
import { temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { exitCodes } from '../exit-codes.ts';
import { runProgram } from '../run-program.ts';
import { openReceipt, signReceipt } from './receipt.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const time = '2026-11-29T04:00:00.000Z';
const erased = { data_keys: 3, data_keys_under_2: 1, data_keys_under_10: 2, packs: 7 };
const statement: ErasureStatement = {
  format: 'driftbox-erasure-1',
  tenantId: randomUUID() as TenantId,
  issuedAt: time,
  services: [
    { service: 'auth', requestedAt: time, erasedAt: time, erased: {} },
    { service: 'upload', requestedAt: time, erasedAt: time, erased },
  ],
  keys: destroyedKeys(erased),
  covers: ['what it covers'],
  doesNotCover: ['what it does not'],
};
const recoded = (text: string, part: 'protected' | 'payload', change: (value: Record<string, unknown>) => object): string => {
  const parts = JSON.parse(text) as Record<string, string>;
  const value = JSON.parse(Buffer.from(parts[part] ?? '', 'base64url').toString());
  return JSON.stringify({ ...parts, [part]: Buffer.from(JSON.stringify(change(value))).toString('base64url') });
};

test('a receipt says what was signed, and which generations wrapped the keys', () => {
  expect(statement.keys).toEqual({ dataKeys: 3, wrappedUnder: [2, 10] });
  expect(openReceipt(signReceipt(statement, privateKey), publicKey)).toEqual(statement);
});

test('one that was changed anywhere, or signed by somebody else, is refused', () => {
  const receipt = signReceipt(statement, privateKey);
  const parts = JSON.parse(receipt) as Record<string, string>;
  for (const part of ['payload', 'signature'] as const) {
    const text = parts[part] ?? '';
    for (let at = 0; at < text.length - 1; at += 7) {
      const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
      expect(() => openReceipt(JSON.stringify({ ...parts, [part]: changed }), publicKey)).toThrow('the signature is not of this receipt');
    }
  }
  const fewer = recoded(receipt, 'payload', (value) => ({ ...value, doesNotCover: [] }));
  expect(() => openReceipt(fewer, publicKey)).toThrow('the signature is not of this receipt');
  const other = generateKeyPairSync('ed25519');
  expect(() => openReceipt(receipt, other.publicKey)).toThrow('was signed with key');
  const kid = (JSON.parse(Buffer.from(parts['protected'] ?? '', 'base64url').toString()) as { kid: string }).kid;
  const forged = recoded(signReceipt(statement, other.privateKey), 'protected', (header) => ({ ...header, kid }));
  expect(() => openReceipt(forged, publicKey)).toThrow('the signature is not of this receipt');
});

test('the header chooses neither algorithm nor type, and what is no receipt is told so', () => {
  const receipt = signReceipt(statement, privateKey);
  for (const change of [{ alg: 'none' }, { alg: 'HS256' }, { typ: 'JWT' }])
    expect(() =>
      openReceipt(
        recoded(receipt, 'protected', (header) => ({ ...header, ...change })),
        publicKey,
      ),
    ).toThrow('this is no receipt');
  for (const text of ['', '{}', '[]', '{"protected":"e","payload":"e","signature":"e"}', '{"protected":1,"payload":2,"signature":3}'])
    expect(() => openReceipt(text, publicKey)).toThrow('this is no receipt');
});

test.each<[string, Partial<ErasureStatement>]>([
  ['issued before all was erased', { issuedAt: '2026-11-28T00:00:00Z' }],
  ['not those that upload destroyed', { keys: { dataKeys: 9, wrappedUnder: [] } }],
  ['not those that upload destroyed', { services: statement.services.slice(0, 1) }],
  ['twice', { services: [...statement.services, ...statement.services] }],
])('one that is signed but states what cannot be is refused: %s', (why, change) => {
  expect(() => openReceipt(signReceipt({ ...statement, ...change }, privateKey), publicKey)).toThrow(why);
});

async function run(...args: string[]) {
  let [out, errors] = ['', ''];
  const streams = { stdout: { write: (text: string) => (out += text) }, stderr: { write: (text: string) => (errors += text) } };
  const code = await runProgram(['admin', 'erasure', ...args], { env: {}, signal: new AbortController().signal, ...streams });
  return { code, out, errors };
}

test('the command makes keys once, for their owner, and verifies with the public key alone', async () => {
  await using folder = await temporaryFolder();
  const at = (name: string): string => path.join(folder.path, name);
  expect(await run('key', at('key'))).toMatchObject({ code: exitCodes.ok });
  expect((await stat(at('key'))).mode & 0o777).toBe(0o600);
  expect(await run('key', at('key'))).toMatchObject({ code: exitCodes.failed, errors: expect.stringContaining('cannot make') });
  await writeFile(at('receipt'), signReceipt(statement, createPrivateKey(await readFile(at('key'), 'utf8'))));
  const good = await run('verify', at('receipt'), '--public-key', at('key.pub'), '--json');
  expect(good.code).toBe(exitCodes.ok);
  expect(JSON.parse(good.out)).toMatchObject({ valid: true, statement: { tenantId: statement.tenantId } });
  const changed = recoded(await readFile(at('receipt'), 'utf8'), 'payload', (value) => ({ ...value, tenantId: randomUUID() }));
  await writeFile(at('changed'), changed);
  expect(await run('verify', at('changed'), '--public-key', at('key.pub'))).toMatchObject({ code: exitCodes.failed, out: '' });
  expect(await run('verify', at('receipt'), '--public-key', at('key'))).toMatchObject({ code: exitCodes.failed, out: '' });
});

test.each([
  [[], 'it is admin erasure key FILE'],
  [['verify'], 'it is admin erasure key FILE'],
  [['run', 'now'], 'it is admin erasure key FILE'],
  [['run'], 'name the tenant by its id'],
  [['run', '--tenant', randomUUID()], 'give --key-file FILE and --out RECEIPT'],
  [['verify', 'receipt'], 'give --public-key FILE'],
])('%j is refused', async (args, expected) => {
  expect(await run(...args)).toMatchObject({ code: exitCodes.usage, out: '', errors: expect.stringContaining(expected) });
});

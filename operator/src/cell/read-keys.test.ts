import { expect, test } from '@jest/globals';
import type { Api, ObjectPlace } from '../runtime/index.ts';
import { dataOf } from '../secret.ts';
import { readKeys } from './read-keys.ts';

/** An API server that knows these Secrets alone. */
function apiWith(secrets: Readonly<Record<string, Readonly<Record<string, string>>>>): Api {
  const get = async (_: unknown, { name }: ObjectPlace) => {
    const values = secrets[name];
    return values === undefined ? { kind: 'notFound' } : { kind: 'ok', value: { metadata: { name }, data: dataOf(values) } };
  };
  return { get } as unknown as Api;
}

const signal = new AbortController().signal;
const transit = { url: 'https://bao.example.com', mount: 'transit', key: 'driftbox', tokenSecret: 'bao' };

test('keys of the operator are awaited without a word, those of an administrator are asked for', async () => {
  const generated = { keyManager: { generated: {} } };
  expect(await readKeys(apiWith({}), 'system', 'eu', generated, signal)).toEqual({ troubles: [] });
  const made = apiWith({ 'cell-eu-keys': { 'keys.json': '{}' } });
  expect(await readKeys(made, 'system', 'eu', generated, signal)).toEqual({ troubles: [], files: { 'keys.json': '{}' } });
  const { troubles } = await readKeys(made, 'system', 'eu', { keyManager: { secret: 'theirs' } }, signal);
  const message = "spec.keyManager.secret: there is no Secret theirs in the operator's namespace";
  expect(troubles).toEqual([{ reason: 'ReferenceMissing', message }]);
});

test('a token alone is enough for OpenBao, and whatever is missing is named by its field', async () => {
  const seen = (secrets: Parameters<typeof apiWith>[0], more: object = {}) =>
    readKeys(apiWith(secrets), 'system', 'eu', { keyManager: { transit: { ...transit, ...more } } }, signal);
  expect(await seen({ bao: { token: 't', other: 'x' } })).toEqual({ troubles: [undefined], files: { token: 't' } });
  const lacksToken = { reason: 'SecretIncomplete', message: 'spec.keyManager.transit.tokenSecret: the Secret bao has no token' };
  expect(await seen({ bao: { other: 'x' } })).toEqual({ troubles: [lacksToken] });
  const authority = { authoritySecret: 'ca' };
  const { troubles, files } = await seen({ bao: { token: 't' } }, authority);
  expect(troubles[1]).toMatchObject({
    reason: 'ReferenceMissing',
    message: expect.stringContaining('spec.keyManager.transit.authoritySecret'),
  });
  expect(files).toBeUndefined();
  const both = await seen({ bao: { token: 't' }, ca: { 'ca.crt': 'c' } }, authority);
  expect(both.files).toEqual({ token: 't', 'ca.crt': 'c' });
});

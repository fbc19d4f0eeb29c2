import { expect, test } from '@jest/globals';
import { chooseKept, manifestsOf, missingOf, parseKept, writeKept, type FoundObject } from './kept-objects.ts';
import { createKubectl } from './kubectl.ts';
import { openText, sealText } from './sealed-text.ts';

const secret = (name: string, labels: Readonly<Record<string, string>> = {}, value = 'MQ=='): FoundObject => ({
  kind: 'Secret',
  metadata: { name, labels },
  type: 'Opaque',
  data: { key: value },
});
const cell = (name: string, spec: FoundObject['spec'] = { keyManager: {} }): FoundObject => ({ kind: 'Cell', metadata: { name }, spec });
const ofCell = { 'driftbox.io/master-of': 'eu' };
const masters = [secret('cell-eu', ofCell), secret('cell-eu-keys', ofCell), secret('cell-eu-tls', ofCell)];
const record: FoundObject = {
  kind: 'ConfigMap',
  metadata: { name: 'tenant-1', labels: { 'driftbox.io/part': 'tenant-record' } },
  data: { state: 'live' },
};

test('what nobody can make again is kept, and nothing else', () => {
  const others = [secret('s3'), secret('sh.helm.release.v1.x.v1'), { ...record, metadata: { name: 'kube-root-ca.crt' } }];
  const pool = secret('pool-main', { 'driftbox.io/master-of-pool': 'main' });
  const kept = chooseKept(
    [...others, record, pool, ...masters, secret('driftbox-backup-key'), secret('own')],
    [cell('eu'), cell('pattern', { template: true, keyManager: {} })],
  );
  expect(kept.map(({ name }) => name)).toEqual(['tenant-1', 'cell-eu', 'cell-eu-keys', 'cell-eu-tls', 'driftbox-backup-key', 'pool-main']);
  expect(parseKept(writeKept(kept))).toEqual(kept);
  expect(manifestsOf(kept.slice(1, 2), 'ops')).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      metadata: { name: 'cell-eu', namespace: 'ops', labels: ofCell },
      data: { key: 'MQ==' },
    },
  ]);
});

test('keys of an administrator are kept with the cell that names them; of keys that OpenBao holds there are none', () => {
  const named = chooseKept([masters[0]!, secret('own')], [cell('eu', { keyManager: { secret: 'own' } })]);
  expect(named.map(({ name }) => name)).toEqual(['cell-eu', 'own']);
  expect(chooseKept([masters[0]!], [cell('eu', { keyManager: { transit: {} } })])).toHaveLength(1);
});

test('an export that lacks keys of a cell is none', () => {
  expect(() => chooseKept([masters[0]!], [cell('eu')])).toThrow('these Secrets of cells are not there: cell-eu-keys');
  expect(() => chooseKept([masters[0]!], [cell('eu', { keyManager: { secret: 'own' } })])).toThrow('not there: own');
});

test('what is there already is left, and nothing is made beside something else of such a name', () => {
  const kept = chooseKept([record, ...masters], [cell('eu')]);
  expect(missingOf(kept, [])).toEqual(kept);
  expect(missingOf(kept, [record, ...masters])).toEqual([]);
  expect(missingOf(kept, masters.slice(1)).map(({ name }) => name)).toEqual(['tenant-1', 'cell-eu']);
  const other = secret('cell-eu-keys', ofCell, 'Mg==');
  expect(() => missingOf(kept, [other])).toThrow('Secret cell-eu-keys; nothing was changed');
  expect(() => missingOf(kept, [{ ...other, data: {} }])).toThrow('Secret cell-eu-keys');
});

test('a sealed text opens by its passphrase alone, as it was written', async () => {
  const sealed = await sealText('the keys', 'correct horse');
  expect(sealed).not.toContain('the keys');
  expect(await openText(sealed, 'correct horse')).toBe('the keys');
  await expect(openText(sealed, 'correct hors')).rejects.toThrow('the passphrase does not open it');
  const parts = JSON.parse(sealed) as Readonly<Record<string, string>>;
  const bytes = Buffer.from(parts['sealed'] ?? '', 'base64');
  bytes[0]! ^= 1;
  const changed = JSON.stringify({ ...parts, sealed: bytes.toString('base64') });
  await expect(openText(changed, 'correct horse')).rejects.toThrow('or it was changed');
  for (const text of ['', '{}', 'null', JSON.stringify({ ...parts, kind: 'other' }), JSON.stringify({ ...parts, nonce: '' })])
    await expect(openText(text, 'correct horse')).rejects.toThrow('not what driftbox admin export-keys has written');
  expect(() => parseKept('{"format":2,"objects":[]}')).toThrow('another version');
});

test('a machine without kubectl is told so', async () => {
  const kubectl = createKubectl({ PATH: '/nowhere' }, new AbortController().signal);
  await expect(kubectl(['get', 'secrets'])).rejects.toThrow('cannot run kubectl');
});

import { expect, test } from '@jest/globals';
import { Cache, type Api } from '../runtime/index.ts';
import type { OtherResource } from './cell-resource.ts';
import { openCells } from './open-cells.ts';
import type { Secret } from './tenant.ts';

const cell: OtherResource = {
  apiVersion: 'driftbox.io/v1alpha1',
  kind: 'Cell',
  metadata: { name: 'eu', uid: 'u' },
  spec: { version: '0.1.0', domain: 'eu.example.com', pools: ['main'] },
};
const signal = new AbortController().signal;

/** Doors over Secrets that a test may change, and a clock that it moves. */
function doors(secrets: Map<string, Readonly<Record<string, string>>>, isThere = true) {
  const cells = new Cache<OtherResource>();
  if (isThere) cells.put(cell);
  let nowMs = 0;
  const get = (async (_kind: unknown, { name }: { name: string }) => {
    const data = secrets.get(name);
    if (data === undefined) return { kind: 'notFound', code: 404, reason: 'NotFound', message: '' };
    const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
    const value: Secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data: encoded };
    return { kind: 'ok', value };
  }) as Api['get'];
  return {
    ...openCells({ api: { get }, cells, namespace: 'ops', nowMs: () => nowMs }),
    later: (ms: number) => void (nowMs += ms),
    runs: (version: string) => void cells.put({ ...cell, metadata: { ...cell.metadata, resourceVersion: version }, status: { version } }),
    rotated: (since: string) =>
      void cells.put({ ...cell, metadata: { ...cell.metadata, resourceVersion: '2' }, status: { rotation: { since } } }),
  };
}

test.each([
  ['its Cell', new Map(), false, 'Cell eu is not there'],
  ['its key', new Map(), true, 'Cell eu is not set up yet'],
  ['what its Secret lacks', new Map([['cell-eu', { 'cell-id': 'x' }]]), true, 'the Secret cell-eu lacks service-key'],
  ['its certificate', new Map([['cell-eu', { 'service-key': 'a'.repeat(32) }]]), true, 'Cell eu has no certificate yet'],
])('it waits for %s', async (_, secrets, isThere, waitsFor) => {
  expect(await doors(secrets, isThere).open('eu', signal)).toEqual({ waitsFor });
});

test('a door is kept, also beyond a minute, until the key is another, which a Cell that is rotated says at once', async () => {
  const secrets = new Map<string, Readonly<Record<string, string>>>([
    ['cell-eu', { 'service-key': 'a'.repeat(32) }],
    ['cell-eu-tls', { 'ca.crt': 'an authority' }],
  ]);
  const { open, later, rotated, close } = doors(secrets);
  const first = await open('eu', signal);
  expect(await open('eu', signal)).toBe(first);
  later(61_000);
  expect(await open('eu', signal)).toBe(first);
  secrets.set('cell-eu', { 'service-key': 'b'.repeat(32) });
  expect(await open('eu', signal)).toBe(first);
  later(61_000);
  const second = await open('eu', signal);
  expect(second).not.toBe(first);
  secrets.set('cell-eu', { 'service-key': 'c'.repeat(32) });
  rotated('2026-01-01T00:00:00Z');
  expect(await open('eu', signal)).not.toBe(second);
  close();
});

test('a cell whose version speaks TLS inside is asked by it once its parts have certificates, and one of before is not', async () => {
  const secrets = new Map<string, Readonly<Record<string, string>>>([
    ['cell-eu', { 'service-key': 'a'.repeat(32) }],
    ['cell-eu-tls', { 'ca.crt': 'an authority' }],
  ]);
  const { open, later, runs, close } = doors(secrets);
  const before = await open('eu', signal);
  expect(before).not.toHaveProperty('waitsFor');
  runs('0.2.0');
  later(61_000);
  expect(await open('eu', signal)).toEqual({ waitsFor: 'the parts of Cell eu have no certificates yet' });
  secrets.set('inner-eu', { 'ca.crt': 'another authority' });
  const after = await open('eu', signal);
  expect(after).not.toBe(before);
  secrets.set('inner-eu', { 'ca.crt': 'a third one' });
  later(61_000);
  expect(await open('eu', signal)).not.toBe(after);
  close();
});

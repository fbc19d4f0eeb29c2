import { expect, test } from '@jest/globals';
import assert from 'node:assert/strict';
import { apiVersion } from '../define-kind.ts';
import { judge } from '../judge.ts';
import { cellKind } from '../kinds/cell.ts';
import type { CellSpec } from './judge-hosts.ts';
import { placeTenant, type PlaceableCell, type PlaceablePool, type Wish } from './place-tenant.ts';

function cellOf(name: string, spec: object = {}, seen: Partial<PlaceableCell> = {}): PlaceableCell {
  const full = { version: '0.1.0', domain: `${name}.example.com`, pools: ['main'], ...spec };
  const judged = judge(cellKind, { apiVersion, kind: 'Cell', metadata: { name: 'eu' }, spec: full });
  assert(judged.ok, JSON.stringify(judged));
  const { spec: whole } = judged.resource as { spec: CellSpec };
  return { name, labels: {}, spec: whole, isReady: true, isGoing: false, tenants: 0, ...seen };
}

const pool = (name: string, promisedBytes = 0n, capacityBytes?: bigint): PlaceablePool => ({
  name,
  isGoing: false,
  capacityBytes,
  promisedBytes,
});
const anywhere: Wish = { isolation: { shared: {} }, pool: undefined, storage: undefined };
const named = (cell: string): Wish => ({ ...anywhere, isolation: { shared: { cell } } });
const labelled = (region: string): Wish => ({ ...anywhere, isolation: { shared: { selector: { region } } } });
const pools = [pool('main')];
const full = cellOf('full', { maxTenants: 1 }, { tenants: 1 });

test.each<[string, Wish, Parameters<typeof placeTenant>[1], Parameters<typeof placeTenant>[2], object]>([
  ['the named one', named('eu'), [cellOf('eu'), cellOf('us')], pools, { kind: 'placed', cell: 'eu', pool: 'main' }],
  ['the emptiest', anywhere, [cellOf('a', {}, { tenants: 2 }), cellOf('b', {}, { tenants: 1 })], pools, { cell: 'b' }],
  [
    'a ready one before an empty one',
    anywhere,
    [cellOf('a', {}, { isReady: false }), cellOf('b', {}, { tenants: 9 })],
    pools,
    { cell: 'b' },
  ],
  ['one with the labels', labelled('eu'), [cellOf('a'), cellOf('b', {}, { labels: { region: 'eu' } })], pools, { cell: 'b' }],
  ['none that is a template', anywhere, [cellOf('a', { template: true })], pools, { kind: 'waiting', reason: 'NoRoom' }],
  [
    'none that is to go',
    anywhere,
    [cellOf('a', {}, { isGoing: true })],
    pools,
    { reason: 'NoRoom', message: 'no cell fits: a is to be deleted' },
  ],
  ['none without the labels', labelled('us'), [cellOf('a')], pools, { message: 'no cell fits: a lacks the label region=us' }],
  ['none that is full', anywhere, [full], pools, { reason: 'NoRoom', message: 'no cell fits: full has 1 tenants of at most 1' }],
  ['not the named one that is full', named('full'), [full], pools, { kind: 'stalled', reason: 'CellFull' }],
  [
    'not the named one that is not there',
    named('x'),
    [full],
    pools,
    { kind: 'stalled', reason: 'ReferenceMissing', message: 'there is no Cell x' },
  ],
  ['not without its pool', named('eu'), [cellOf('eu')], [], { kind: 'stalled', message: 'there is no StoragePool main' }],
  ['not with a pool of another cell', { ...named('eu'), pool: 'x' }, [cellOf('eu')], [pool('x')], { kind: 'stalled' }],
  [
    'for a cell that is made for it the first pool that has so much left',
    { ...named('eu'), storage: '2k' },
    [cellOf('eu', { pools: ['main', 'more'] }, { isToBeMade: true })],
    [pool('main', 9_000n, 10_000n), pool('more', 8_000n, 10_000n)],
    { pool: 'more' },
  ],
  [
    'none but the first pool, in which all packs of a cell are',
    { ...named('eu'), pool: 'more' },
    [cellOf('eu', { pools: ['main', 'more'] })],
    [pool('main'), pool('more')],
    { kind: 'stalled', message: 'Cell eu keeps its packs in the StoragePool main, not in more' },
  ],
  ['no pool that has not', { ...named('eu'), storage: '2k' }, [cellOf('eu')], [pool('main', 9_000n, 10_000n)], { reason: 'NoRoom' }],
])('%s is taken', (_, wish, cells, known, expected) => {
  expect(placeTenant(wish, cells, known)).toMatchObject(expected);
  expect(placeTenant(wish, cells.toReversed(), known.toReversed())).toEqual(placeTenant(wish, cells, known));
});

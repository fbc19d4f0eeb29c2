import { expect, test } from '@jest/globals';
import { cellOf, deleted, forget, observedOf, ownId, play } from '../testing/observed-tenant.ts';
import { dedicatedCellName } from './dedicated-cell.ts';

const name = dedicatedCellName(ownId);
const pattern = cellOf('pattern', { template: true, domain: undefined, profile: 'tiny' });
const fresh = (spec: object = {}) =>
  observedOf(
    { isolation: { dedicated: { template: 'pattern' } }, ...spec },
    { cells: [pattern] },
    { labels: { stage: 'canary', 'app.kubernetes.io/instance': 'apps' } },
  );

test('its cell is made after the template, for one tenant, under the domain of its first host, with its labels', () => {
  const { steps, end } = play(fresh());
  expect(steps.find((step) => step.do === 'cell')).toMatchObject({
    cell: {
      metadata: { name, labels: { stage: 'canary', 'driftbox.io/tenant-id': ownId } },
      spec: { template: false, domain: 'eu.example.com', maxTenants: 1, profile: 'tiny' },
    },
  });
  // By the other one Argo CD would take the cell for one of its own, and prune what is not in its repository.
  const made = steps.find((step) => step.do === 'cell');
  expect(Object.keys(made?.cell.metadata.labels ?? {})).toEqual(['stage', 'driftbox.io/tenant', 'driftbox.io/tenant-id']);
  expect(name.length).toBeLessThanOrEqual(40);
  expect(play(forget(end)).steps.some((step) => step.do === 'cell')).toBe(false);
});

test('it keeps its packs in the pool in which its tenant has room, which the template names among others', () => {
  const template = cellOf('pattern', { ...pattern.spec, pools: ['main', 'more'] });
  const limits = { storage: '2k' };
  const pools = ['main', 'more'].map((name) => ({
    name,
    isGoing: false,
    capacityBytes: 3_000n,
    promisedBytes: name === 'main' ? 2_000n : 0n,
  }));
  const { steps, end } = play({ ...fresh({ limits }), cells: [template], pools });
  expect(steps.find((step) => step.do === 'cell')).toMatchObject({ cell: { spec: { pools: ['more'] } } });
  expect(end.record?.pool).toBe('more');
});

test('it follows the version of its template', () => {
  const { end } = play(fresh());
  const newer = { ...pattern, spec: { ...pattern.spec, version: '0.2.0' } };
  const cells = [newer, ...end.cells.filter((cell) => cell.name === name)];
  expect(play({ ...forget(end), cells }).steps.find((step) => step.do === 'cell')).toMatchObject({ cell: { spec: { version: '0.2.0' } } });
});

test.each([
  ['Retain', false],
  ['Delete', true],
])('deleted under %s its cell goes: %s', (deletionPolicy, goes) => {
  const first = play(fresh({ deletionPolicy })).end;
  // The cell is there by now, and answers.
  const living = play({ ...forget(first), exposure: undefined, door: { kind: 'open' } }).end;
  const { steps } = play(deleted(living));
  expect(steps.some((step) => step.do === 'dropCell' && step.name === name)).toBe(goes);
  expect(steps.at(-1)).toEqual({ do: 'unprotect' });
});

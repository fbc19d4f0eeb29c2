import { tenantErasers } from '@driftbox/protocol';
import { conditionTypes } from '@driftbox/resources';
import { expect, test } from '@jest/globals';
import { cellOf, deleted, forget, observedOf, otherId, ownId, play } from '../testing/observed-tenant.ts';
import { planSteps } from './plan-steps.ts';
import { tenantConditions } from './tenant-conditions.ts';
import type { TenantObserved } from './tenant-observed.ts';

/** Every service that holds anything of a tenant is asked. */
const erasing = tenantErasers.map(() => 'erase').join(' ');
const doings = (observed: TenantObserved): string =>
  play(observed)
    .steps.map((step) => step.do)
    .join(' ');
const said = (observed: TenantObserved): string[] => tenantConditions(observed).map((one) => `${one.type}=${one.status}/${one.reason}`);
const message = (observed: TenantObserved, type: string): string =>
  tenantConditions(observed).find((one) => one.type === type)?.message ?? '';
const theirs = (host: string) => new Map([[host, { tenantId: otherId, tenant: 'globex' }]]);
const retained = {
  tenantId: ownId,
  state: 'retained' as const,
  tenant: { name: 'old', uid: otherId },
  cell: 'eu',
  pool: 'main',
  hosts: [],
};
const ingress = { cells: [cellOf('eu', { expose: { ingress: {} }, tls: { issuer: 'letsencrypt' } })] };

test.each<[string, TenantObserved, string]>([
  ['a new tenant', observedOf(), 'protect record claim register probe'],
  ['one with a first administrator', observedOf({ firstAdministrator: {} }), 'protect record claim invite register probe'],
  ['one with a host of its own', observedOf({ hosts: ['a.example.org'] }, ingress), 'protect record claim register route probe'],
  ['one with no cell', observedOf({}, { cells: [] }), 'protect'],
  ['one whose quota is missing', observedOf({}, { quota: { kind: 'unusable', why: 'x' } }), 'protect'],
  ['one whose spec is wrong', observedOf({}, { spec: undefined, faults: ['spec.x: wrong'] }), ''],
  ['one whose host another has', observedOf({}, { claims: theirs('acme.eu.example.com') }), 'protect record'],
  ['one with a host that nothing leads to', observedOf({ hosts: ['a.example.org'] }), 'protect record'],
  ['one that adopts what was kept', observedOf({ adopt: ownId }, { record: retained }), 'protect record claim register record probe'],
  ['one that adopts what nobody knows', observedOf({ adopt: ownId }), 'protect'],
  ['a paused one', observedOf({}, {}, { annotations: { 'driftbox.io/paused': 'true' } }), ''],
  [
    'a dedicated one',
    observedOf({ isolation: { dedicated: { template: 'pattern' } } }, { cells: [cellOf('pattern', { template: true })] }),
    'protect record cell',
  ],
])('what is done for %s', (_, observed, expected) => {
  expect(doings(observed)).toBe(expected);
});

test('one that is as it should be is only looked at', () => {
  const { end } = play(observedOf());
  expect(said(end)).toEqual([
    'Ready=True/Succeeded',
    'Placed=True/Placed',
    'Registered=True/Registered',
    'Reachable=True/Answering',
    'QuotaExceeded=False/Within',
  ]);
  expect(doings(forget(end))).toBe('probe');
});

test.each<[string, object, string]>([
  ['kept', {}, 'register record release uninvite unprotect'],
  ['erased', { deletionPolicy: 'Delete' }, `register ${erasing} record release uninvite unprotect`],
  ['kept where it is protected', { deletionPolicy: 'Delete', deletionProtection: true }, 'register record release uninvite unprotect'],
])('one that is deleted is %s', (_, spec, expected) => {
  const living = play(observedOf({ ...spec, firstAdministrator: {} })).end;
  expect(doings(deleted(living))).toBe(expected);
});

const snapshot = { deletionPolicy: 'Snapshot', snapshot: { destination: { pool: 'archive' } } };

test('one that leaves a last backup is suspended, backed up, and only then erased', () => {
  const going = deleted(play(observedOf(snapshot)).end);
  expect(doings(going)).toBe(`register backup ${erasing} record release unprotect`);
  const [, backup] = play(going).steps;
  expect(backup).toMatchObject({
    do: 'backup',
    backup: {
      metadata: { labels: { 'driftbox.io/tenant': 'acme' } },
      spec: { tenant: 'acme', destination: { pool: 'archive' }, deletionPolicy: 'Retain' },
    },
  });
  // Until it is whole nothing is erased, and it is not asked for twice.
  const waiting = { ...going, lastBackup: { kind: 'there', isWhole: false, message: 'the bucket is full' } as const };
  expect(doings(waiting)).toBe('register');
  expect(said(waiting)).toContain('Deleting=True/Snapshotting');
  expect(message(waiting, 'Deleting')).toContain('the bucket is full. With deletionPolicy Delete or Retain it goes without');
  expect(doings({ ...waiting, spec: observedOf({ deletionPolicy: 'Delete' }).spec })).toContain('erase');
});

test('one that is protected is kept, whatever else it says, and needs no last backup', () => {
  const going = deleted(play(observedOf({ ...snapshot, deletionProtection: true })).end);
  expect(doings(going)).toBe('register record release unprotect');
});

test('erasing that has begun goes on, though the policy says otherwise since', () => {
  const living = play(observedOf({ deletionPolicy: 'Delete' })).end;
  const begun = play(deleted(living)).steps.findIndex((step) => step.do === 'erase');
  const half = { ...deleted(living), erasures: { auth: { tenantId: ownId, state: 'erasing' as const, requestedAt: '', erased: {} } } };
  expect(begun).toBeGreaterThan(0);
  const { steps } = play({ ...half, spec: observedOf().spec });
  expect(steps.filter((step) => step.do === 'erase')).toHaveLength(tenantErasers.length);
});

test('one whose cell is away waits with its deletion, and can be given up', () => {
  const living = play(observedOf()).end;
  const lonely = { ...deleted(living), door: { kind: 'waiting', why: 'Cell eu is not there' } as const, view: undefined };
  expect(doings(lonely)).toBe('');
  expect(message(lonely, 'Deleting')).toContain('driftbox.io/abandon');
  const metadata = { ...lonely.tenant.metadata, annotations: { 'driftbox.io/abandon': ownId } };
  const { steps, end } = play({ ...lonely, tenant: { ...lonely.tenant, metadata } });
  expect(steps.map((step) => step.do)).toEqual(['record', 'release', 'unprotect']);
  expect(end.record?.state).toBe('abandoned');
});

test('a tenant is told of no limits while its quota is missing, and goes on with those it has', () => {
  const living = play(observedOf({ quota: 'team' }, { quota: { kind: 'found', spec: { storage: '1Gi' } as never } })).end;
  const without = { ...forget(living), quota: { kind: 'unusable', why: 'there is no Quota team' } as const };
  expect(doings(without)).toBe('');
  expect(said(without)).toContain('Stalled=True/ReferenceMissing');
});

test('more stored than the limit is said, in bytes and files', () => {
  const living = play(observedOf({ limits: { storage: '1k', files: 3 } })).end;
  const using = (usage: object): TenantObserved => ({ ...living, view: { ...living.view!, usage: { ...living.view!.usage, ...usage } } });
  expect(said(using({ storageBytes: 1_000, files: 3 }))).toContain('QuotaExceeded=False/Within');
  expect(said(using({ storageBytes: 1_001 }))).toContain('QuotaExceeded=True/Storage');
  expect(said(using({ files: 4 }))).toContain('QuotaExceeded=True/Files');
});

test('a host that a service has given to somebody unknown is not asked for again, and said', () => {
  const living = play(observedOf({ hosts: ['acme.eu.example.com', 'b.eu.example.com'] })).end;
  const refused = { ...forget(living), takenInCell: ['b.eu.example.com'] };
  const [register] = play(refused).steps;
  expect(register).toMatchObject({ do: 'register', intent: { hosts: ['acme.eu.example.com'] } });
  expect(message(refused, 'Stalled')).toContain('b.eu.example.com is claimed by a tenant unknown here');
});

test.each([
  ['a record that somebody removed', {}],
  ['that of one that was taken over', { adopt: ownId }],
])('%s is made again, in the same place', (_, spec) => {
  const living = play(observedOf(spec, { record: retained })).end;
  const status = { observedGeneration: 1, tenantId: ownId, cell: 'eu', pool: 'main' };
  const cells = [cellOf('a'), ...living.cells];
  const [record] = play({ ...forget(living), tenant: { ...living.tenant, status }, record: undefined, cells, exposure: undefined }).steps;
  expect(record).toMatchObject({ do: 'record', record: { state: 'live', cell: 'eu', pool: 'main' }, over: undefined });
});

test('a plan says what would be done, in order, and nothing of a tenant that is as it should be', () => {
  const lines = planSteps(observedOf({ firstAdministrator: {} })).split('\n');
  expect(lines[0]).toBe('put the finalizer driftbox.io/tenant');
  expect(lines).toContain('claim acme.eu.example.com');
  expect(planSteps(forget(play(observedOf()).end))).toBe('nothing');
});

test('it says nothing that the catalogue of conditions does not list', () => {
  const living = play(observedOf({ suspended: true })).end;
  const failing = { ...living, failure: { step: 'register', message: 'no answer', cause: undefined } };
  const all = [
    observedOf(),
    observedOf({}, { cells: [] }),
    observedOf({ adopt: ownId }),
    living,
    failing,
    deleted(living),
    deleted(failing),
    deleted(play(observedOf(snapshot)).end),
  ];
  for (const { type, reason } of all.flatMap(tenantConditions)) expect(conditionTypes[type]?.reasons).toHaveProperty(reason);
});

test('a provider whose Secret is missing is told of, and keeps the tenant from nothing else', () => {
  const issuer = { name: 'corp', issuer: 'https://login.example.com', clientId: 'driftbox', clientSecret: 'corp-oidc' };
  const { end } = play(observedOf({ identity: { issuers: [issuer] } }));
  expect(said(end)).toEqual(expect.arrayContaining(['Ready=True/Succeeded', 'SignInReady=False/SecretMissing']));
  expect(message(end, 'SignInReady')).toContain('corp waits for the key clientSecret of the Secret corp-oidc');
  const issuerSecrets = new Map([['corp-oidc', { clientSecret: 'x', version: '1' }]]);
  expect(said({ ...end, issuerSecrets })).toContain('SignInReady=True/Offered');
  expect(said(play(observedOf()).end).filter((one) => one.startsWith('SignInReady'))).toEqual([]);
});

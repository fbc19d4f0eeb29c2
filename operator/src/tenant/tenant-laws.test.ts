import { tenantErasers } from '@driftbox/protocol';
import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { cellOf, deleted, forget, observedOf, otherId, ownId, play } from '../testing/observed-tenant.ts';
import { mirrorStep } from './mirror-step.ts';
import type { TenantObserved } from './tenant-observed.ts';

const hosts = ['acme.eu.example.com', 'b.eu.example.com', 'own.example.org'];
const specs = fc.record({
  hosts: fc.subarray(hosts, { minLength: 1 }),
  suspended: fc.boolean(),
  deletionPolicy: fc.constantFrom('Retain', 'Snapshot', 'Delete'),
  snapshot: fc.constant({ destination: { pool: 'archive' } }),
  deletionProtection: fc.boolean(),
  firstAdministrator: fc.constantFrom({}, undefined),
  limits: fc.constantFrom({ storage: '1Gi' }, undefined),
});
const worlds = fc.record({
  exposed: fc.boolean(),
  theirs: fc.subarray(hosts),
  quota: fc.constantFrom<TenantObserved['quota']>({ kind: 'none' }, { kind: 'found', spec: { files: 9 } as never }),
});

/** A tenant that was just applied, in whatever world. */
const fresh = fc.tuple(specs, worlds).map(([spec, { exposed, theirs, quota }]) =>
  observedOf(JSON.parse(JSON.stringify(spec)) as object, {
    cells: [cellOf('eu', { expose: exposed ? { ingress: {} } : { service: {} } })],
    claims: new Map(theirs.map((host) => [host, { tenantId: otherId, tenant: 'globex' }])),
    quota,
  }),
);
/** One before whatever pass: applied, changed to another spec, or to be deleted. */
const anyTenant = fc.tuple(fresh, fresh, fc.constantFrom('new', 'changed', 'deleted')).map(([first, second, phase]) => {
  if (phase === 'new') return first;
  const settled = forget(play(first).end);
  if (phase === 'deleted') return deleted(settled);
  const tenant = { ...settled.tenant, spec: second.spec };
  return { ...settled, tenant, spec: second.spec, quota: second.quota };
});

/** What is left in the end, wherever it is kept; how often it was told is not. */
function keptOf({ tenant, record, claims, view, hasInvitation, cells }: TenantObserved): unknown {
  const kept = Object.entries(view?.kept ?? {}).map(([service, one]) =>
    one.kind === 'kept' ? { service, ...one.intent, generation: undefined } : { service, is: one.kind },
  );
  return { finalizers: tenant.metadata.finalizers, record, claims: [...claims].toSorted(), kept, hasInvitation, cells };
}

test('a process may end after any step: the next comes to the same end', () => {
  fc.assert(
    fc.property(anyTenant, fc.array(fc.nat({ max: 12 }), { maxLength: 4 }), (tenant, kills) => {
      let at = tenant;
      for (const kill of kills) at = forget(play(at).steps.slice(0, kill).reduce(mirrorStep, at));
      expect(keptOf(forget(play(at).end))).toEqual(keptOf(forget(play(tenant).end)));
    }),
  );
});

test('what is settled stays so: a further pass only looks', () => {
  fc.assert(
    fc.property(anyTenant, (tenant) => {
      const looks = new Set(['probe', 'route', 'invite', 'register']);
      const settled = forget(play(tenant).end);
      const { steps } = play(settled);
      expect(steps.filter((step) => !looks.has(step.do))).toEqual([]);
      // Only an invitation that waits to be used is said again.
      if (settled.spec?.firstAdministrator === undefined) expect(steps.some((step) => step.do === 'register')).toBe(false);
    }),
  );
});

test('services are never told of a host that is not the own one', () => {
  fc.assert(
    fc.property(anyTenant, (tenant) => {
      let at = tenant;
      for (const step of play(tenant).steps) {
        const told = step.do === 'register' ? step.intent.hosts : [];
        for (const host of told) expect(at.claims.get(host)?.tenantId).toBe(ownId);
        // And none that they still serve is given away.
        const served = Object.values(at.view?.kept ?? {}).flatMap((kept) => (kept.kind === 'kept' ? kept.intent.hosts : []));
        if (step.do === 'release') expect(served).not.toContain(step.host);
        at = mirrorStep(at, step);
      }
    }),
  );
});

test('where a last backup is to be made, it is there before anything is erased', () => {
  fc.assert(
    fc.property(anyTenant, (tenant) => {
      const doing = play(tenant).steps.map((step) => step.do);
      if (tenant.spec?.deletionPolicy !== 'Snapshot' || !doing.includes('erase')) return;
      const isThere = tenant.lastBackup.kind === 'there';
      expect(isThere || doing.indexOf('backup') >= 0).toBe(true);
      expect(doing.indexOf('backup')).toBeLessThan(doing.indexOf('erase'));
    }),
  );
});

test('a tenant goes last: recorded, with nothing claimed, and erased by all where it is to be', () => {
  fc.assert(
    fc.property(anyTenant, (tenant) => {
      const { steps, end } = play(tenant);
      if (!steps.some((step) => step.do === 'unprotect')) return;
      expect(steps.at(-1)).toEqual({ do: 'unprotect' });
      expect([...end.claims.values()].some(({ tenantId }) => tenantId === ownId)).toBe(false);
      const isErased = tenant.spec?.deletionPolicy !== 'Retain' && !tenant.spec?.deletionProtection;
      expect(end.record?.state).toBe(isErased ? 'erased' : 'retained');
      if (isErased) expect(Object.keys(JSON.parse(end.record?.receipts ?? '{}') as object)).toHaveLength(tenantErasers.length);
    }),
  );
});

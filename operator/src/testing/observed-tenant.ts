import assert from 'node:assert/strict';
import { parseTenantId } from '@driftbox/domain';
import { apiVersion, cellKind, judge, tenantKind, type CellSpec, type TenantSpec } from '@driftbox/resources';
import { exposureOf } from '../tenant/exposure-of.ts';
import { mirrorStep } from '../tenant/mirror-step.ts';
import { nextStep } from '../tenant/next-step.ts';
import type { PlaceableCell } from '@driftbox/resources';
import type { Step } from '../tenant/step.ts';
import type { TenantObserved } from '../tenant/tenant-observed.ts';

/** The uid of the Tenant in these tests, and so its id. */
export const ownId = tenantIdOf('11111111-1111-4111-8111-111111111111');
/** The id of somebody else. */
export const otherId = tenantIdOf('22222222-2222-4222-8222-222222222222');
const epochMs = Date.UTC(2026, 0, 1);

function tenantIdOf(text: string) {
  const id = parseTenantId(text);
  assert(id !== undefined, 'a tenant id');
  return id;
}

function specOf<Spec>(kind: typeof tenantKind | typeof cellKind, spec: object): Spec {
  const judged = judge(kind, { apiVersion, kind: kind.kind, metadata: { name: 'acme' }, spec });
  assert(judged.ok, JSON.stringify(judged));
  return (judged.resource as { spec: Spec }).spec;
}

/** A cell as placing sees it. */
export function cellOf(name: string, spec: object = {}, seen: Partial<PlaceableCell> = {}): PlaceableCell {
  const full = { version: '0.1.0', domain: `${name}.example.com`, pools: ['main'], ...spec };
  return { name, labels: {}, spec: specOf<CellSpec>(cellKind, full), isReady: true, isGoing: false, tenants: 0, ...seen };
}

/** A Tenant that was just applied beside one cell, `eu`, which answers. */
export function observedOf(spec: object = {}, seen: Partial<TenantObserved> = {}, metadata: object = {}): TenantObserved {
  const stored = specOf<TenantSpec>(tenantKind, { hosts: ['acme.eu.example.com'], ...spec });
  const cells = seen.cells ?? [cellOf('eu')];
  return {
    tenant: { apiVersion, kind: 'Tenant', metadata: { name: 'acme', uid: ownId, generation: 1, ...metadata }, spec: stored },
    tenantId: ownId,
    spec: stored,
    faults: [],
    quota: { kind: 'none' },
    record: undefined,
    recordOrphaned: false,
    claims: new Map(),
    cells,
    pools: [{ name: 'main', isGoing: false, capacityBytes: undefined, promisedBytes: 0n }],
    door: { kind: 'notPlaced' },
    exposure: exposureOf(seen.record?.cell, cells),
    view: undefined,
    lastBackup: { kind: 'absent' },
    erasures: {},
    takenInCell: [],
    issuerSecrets: new Map(),
    hasInvitation: false,
    epochMs,
    ...seen,
  };
}

/** All that a pass does, and what is known at its end, where every step goes well. Throws where it has no end. */
export function play(observed: TenantObserved, mostSteps = 100): { readonly steps: readonly Step[]; readonly end: TenantObserved } {
  const steps: Step[] = [];
  let at = observed;
  while (steps.length < mostSteps) {
    const step = nextStep(at);
    if (step === undefined) return { steps, end: at };
    steps.push(step);
    at = mirrorStep(at, step);
  }
  throw new Error(`still going on after ${steps.map((step) => step.do).join(', ')}`);
}

/** What another process finds after one has ended: what is kept somewhere, and nothing that it only remembered. */
export function forget(observed: TenantObserved): TenantObserved {
  const { invitation: _i, registered: _r, routed: _o, probes: _p, failure: _f, ...kept } = observed;
  return { ...kept, erasures: {}, takenInCell: [] };
}

/** The same Tenant once somebody has asked for its deletion. */
export function deleted(observed: TenantObserved): TenantObserved {
  const metadata = { ...observed.tenant.metadata, deletionTimestamp: '2026-01-02T00:00:00Z' };
  return { ...forget(observed), tenant: { ...observed.tenant, metadata } };
}

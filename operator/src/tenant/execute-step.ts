import assert from 'node:assert/strict';
import {
  hostClaim,
  hostClaimName,
  invitationSecretName,
  parseRecord,
  tenantLabels,
  tenantRecord,
  type Manifest,
} from '@driftbox/resources';
import { newSecret } from '@driftbox/service-kit';
import { backupResource } from '../backup/tenant-backup.ts';
import { cellResource } from './cell-resource.ts';
import { keepers, type CellDoor } from './cell-door.ts';
import { applyRoutes } from './apply-routes.ts';
import { seeLastBackup } from './last-backup.ts';
import { mirrorStep, withErasure } from './mirror-step.ts';
import { setFinalizers } from '../set-finalizers.ts';
import { expectOk, keyOf, type Api, type Cache, type KubeObject } from '../runtime/index.ts';
import type { Step } from './step.ts';
import type { TenantObserved } from './tenant-observed.ts';
import { configMapKind, secretKind, tenantFinalizer, tenantManager, tenantResource, type ConfigMap, type Secret } from './tenant.ts';

/** What steps are done with. */
export type StepParts = {
  readonly api: Api;
  /** The operator's own, for records, claims and invitations. */
  readonly namespace: string;
  /** Told at once of what is written here, so that no later pass decides on less. */
  readonly configMaps: Pick<Cache<ConfigMap>, 'get' | 'put'>;
  readonly door: CellDoor | undefined;
  readonly signal: AbortSignal;
};

/** Does one step; answers what is known then. Throws where it did not work, having done nothing that repeating it would not mend. */
export async function executeStep(parts: StepParts, observed: TenantObserved, step: Step): Promise<TenantObserved> {
  const { api, signal } = parts;
  const { tenant } = observed;
  switch (step.do) {
    case 'protect': {
      const written = await setFinalizers(api, tenantResource, tenant, [tenantFinalizer], { manager: tenantManager, signal });
      const { resourceVersion = '' } = expectOk(written, 'putting the finalizer').metadata;
      const after = mirrorStep(observed, step);
      return { ...after, tenant: { ...after.tenant, metadata: { ...after.tenant.metadata, resourceVersion } } };
    }
    case 'unprotect': {
      const written = await setFinalizers(api, tenantResource, tenant, [], { manager: tenantManager, signal });
      // It is gone: by somebody's hand, or by ours a moment ago, and there may be another of its name.
      if (written.kind !== 'notFound' && written.kind !== 'conflict') expectOk(written, 'taking the finalizer away');
      return mirrorStep(observed, step);
    }
    case 'record':
      return writeRecord(parts, observed, step);
    case 'claim':
      return claimHost(parts, observed, step.host);
    case 'release':
      await remove(api, hostClaimName(step.host), configMapKind, parts);
      return mirrorStep(observed, step);
    case 'invite':
      return readInvitation(parts, observed, step.host);
    case 'uninvite':
      await remove(api, invitationSecretName(tenant.metadata.name), secretKind, parts);
      return mirrorStep(observed, step);
    case 'cell':
      expectOk(await api.apply(cellResource, step.cell, { manager: tenantManager, signal }), `applying Cell ${step.cell.metadata.name}`);
      return mirrorStep(observed, step);
    case 'dropCell':
      return dropCell(parts, observed, step);
    case 'route':
      await applyRoutes(parts, observed, step.routes);
      return mirrorStep(observed, step);
    case 'register':
      return register(parts, observed, step);
    case 'probe': {
      const door = doorOf(parts);
      return { ...observed, probes: await Promise.all(step.hosts.map((host) => door.probe(host, signal))) };
    }
    case 'backup': {
      const made = await api.create(backupResource, step.backup, { signal });
      if (made.kind !== 'alreadyExists') expectOk(made, `making the TenantBackup ${step.backup.metadata.name}`);
      // It takes its time, and tells when it is whole.
      return { ...observed, lastBackup: seeLastBackup(step.backup) };
    }
    case 'erase':
      return withErasure(observed, step.service, await doorOf(parts).erase(step.service, observed.tenantId, signal));
  }
}

function doorOf({ door }: StepParts): CellDoor {
  assert(door !== undefined, 'no step goes through a door that is closed');
  return door;
}

/** Creates it, or replaces the one that was seen: of two that write at once one is refused, and looks again. */
async function writeRecord(parts: StepParts, observed: TenantObserved, step: Extract<Step, { do: 'record' }>): Promise<TenantObserved> {
  const { api, namespace, signal, configMaps } = parts;
  const wanted = tenantRecord(step.record, namespace);
  const doing = `recording the tenant ${observed.tenantId}`;
  if (step.over === undefined) {
    configMaps.put(expectOk(await api.create<ConfigMap>(configMapKind, wanted, { signal }), doing));
    return mirrorStep(observed, step);
  }
  const seen = configMaps.get(keyOf(wanted.metadata));
  const record = parseRecord(seen?.data);
  // It moved on since: what is to be done is decided anew.
  if (seen === undefined || JSON.stringify(record) !== JSON.stringify(step.over)) return { ...observed, record };
  const { uid, resourceVersion } = seen.metadata;
  const metadata = { ...wanted.metadata, uid, resourceVersion } as ConfigMap['metadata'];
  configMaps.put(expectOk(await api.replace<ConfigMap>(configMapKind, { ...wanted, metadata }, { signal }), doing));
  return mirrorStep(observed, step);
}

/** Whoever makes the object has the host; another's stays another's. */
async function claimHost(
  { api, namespace, signal, configMaps }: StepParts,
  observed: TenantObserved,
  host: string,
): Promise<TenantObserved> {
  const { tenantId, tenant } = observed;
  const claim = hostClaim(host, tenant.metadata.name, tenantId, namespace) as Manifest & ConfigMap;
  const made = await api.create<ConfigMap>(configMapKind, claim, { signal });
  if (made.kind === 'ok') configMaps.put(made.value);
  if (made.kind !== 'alreadyExists') {
    expectOk(made, `claiming ${host}`);
    return mirrorStep(observed, { do: 'claim', host });
  }
  const { data } = expectOk(
    await api.get<ConfigMap>(configMapKind, { namespace, name: claim.metadata.name }, { signal }),
    `claiming ${host}`,
  );
  const holder = { tenantId: (data?.['tenantId'] ?? '') as typeof tenantId, tenant: data?.['tenant'] ?? 'unknown' };
  return { ...observed, claims: new Map(observed.claims).set(host, holder) };
}

async function readInvitation(parts: StepParts, observed: TenantObserved, host: string): Promise<TenantObserved> {
  const { api, namespace, signal } = parts;
  const { name } = observed.tenant.metadata;
  const at = { namespace, name: invitationSecretName(name) };
  const stored = await api.get<Secret>(secretKind, at, { signal });
  const isOurs = stored.kind === 'ok' && stored.value.metadata.labels?.['driftbox.io/tenant-id'] === observed.tenantId;
  const known = isOurs ? Buffer.from(stored.value.data?.['invitation'] ?? '', 'base64').toString('utf8') : '';
  if (known.length >= 32) return { ...observed, hasInvitation: true, invitation: known };
  // One of an earlier tenant of this name, or without what it is for.
  if (stored.kind === 'ok') await remove(api, at.name, secretKind, parts);
  else if (stored.kind !== 'notFound') expectOk(stored, `reading Secret ${at.name}`);
  const invitation = newSecret();
  const metadata = { ...at, labels: tenantLabels('invitation', name, observed.tenantId) };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData: { invitation, host } };
  expectOk(await api.create<KubeObject>(secretKind, secret, { signal }), `making Secret ${at.name}`);
  return { ...observed, hasInvitation: true, invitation };
}

async function register(parts: StepParts, observed: TenantObserved, step: Extract<Step, { do: 'register' }>): Promise<TenantObserved> {
  const door = doorOf(parts);
  let { view } = mirrorStep(observed, step);
  let { takenInCell } = observed;
  for (const keeper of keepers) {
    const before = observed.view?.kept[keeper];
    if (before?.kind === 'erased') continue;
    const outcome = await door.put(keeper, step.intent, parts.signal);
    if (outcome.kind === 'put' || view === undefined) continue;
    view = { ...view, kept: { ...view.kept, [keeper]: outcome.kind === 'erased' ? outcome : (before ?? { kind: 'absent' }) } };
    if (outcome.kind === 'hostsTaken') takenInCell = [...takenInCell, ...outcome.hosts];
  }
  // With fewer hosts it is told anew, and is not done before.
  const { registered: _, ...rest } = observed;
  return takenInCell.length > observed.takenInCell.length ? { ...rest, view, takenInCell } : { ...observed, view, registered: true };
}

async function dropCell(parts: StepParts, observed: TenantObserved, step: Extract<Step, { do: 'dropCell' }>): Promise<TenantObserved> {
  const { api, signal } = parts;
  const erase: KubeObject & { readonly spec: object } = {
    apiVersion: 'driftbox.io/v1alpha1',
    kind: 'Cell',
    metadata: { name: step.name },
    spec: { deletionPolicy: 'Delete', deletionProtection: false },
  };
  // Its tenant is erased: nothing in it is anybody's.
  const told = await api.apply(cellResource, erase, { manager: `${tenantManager}-ending`, signal });
  if (told.kind !== 'notFound') expectOk(told, `ending Cell ${step.name}`);
  const gone = await api.delete(cellResource, { name: step.name }, { signal });
  if (gone.kind !== 'notFound') expectOk(gone, `deleting Cell ${step.name}`);
  return mirrorStep(observed, step);
}

async function remove(api: Api, name: string, kind: typeof secretKind, { namespace, signal }: StepParts): Promise<void> {
  const gone = await api.delete(kind, { namespace, name }, { signal });
  if (gone.kind !== 'notFound') expectOk(gone, `removing ${kind.kind} ${name}`);
}

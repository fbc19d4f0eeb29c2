import { isPaused } from '../annotations.ts';
import { issuersOf, parseQuantity } from '@driftbox/resources';
import type { WantedCondition } from '../runtime/index.ts';
import { effectiveFiles, effectiveStorage } from './effective-limits.ts';
import { judgeAdoption } from './judge-adoption.ts';
import { awaitsBackup, lastBackupName } from './last-backup.ts';
import { endingOf, isBegun } from './next-ending.ts';
import { placeWanted } from './place-wanted.ts';
import type { TenantObserved } from './tenant-observed.ts';
import { wantedHosts } from './wanted-hosts.ts';
import { isKept, wantedIntent } from './wanted-intent.ts';

type Said = Omit<WantedCondition, 'observedGeneration'>;

/** Why somebody has to change something. */
type Obstacle = { readonly reason: string; readonly message: string };

/** What is to be said of a Tenant after a pass, `Ready` first. */
export function tenantConditions(observed: TenantObserved): Said[] {
  const obstacles = findObstacles(observed);
  const isGoing = observed.tenant.metadata.deletionTimestamp !== undefined;
  const ready = isGoing ? said('Ready', 'False', 'Waiting', 'it is to be deleted') : sumUp(observed, obstacles);
  const [obstacle] = obstacles;
  return [
    ready,
    ...(obstacle === undefined || isGoing ? [] : [said('Stalled', 'True', obstacle.reason, everyMessage(obstacles))]),
    ...(ready.reason === 'Failing' ? [said('Reconciling', 'True', 'Retrying', ready.message)] : []),
    ...(ready.reason === 'Progressing' ? [said('Reconciling', 'True', 'Progressing', ready.message)] : []),
    ...placed(observed),
    ...(isGoing
      ? [deleting(observed)]
      : [...registered(observed), ...signIn(observed), ...reachable(observed), ...quotaExceeded(observed)]),
    ...(isPaused(observed.tenant) ? [said('Paused', 'True', 'Annotated', 'the annotation driftbox.io/paused is "true"')] : []),
  ];
}

function findObstacles(observed: TenantObserved): Obstacle[] {
  const { faults, quota, record, tenant } = observed;
  if (faults.length > 0) return [{ reason: 'InvalidSpec', message: faults.join('; ') }];
  const refusal = judgeAdoption(observed);
  if (refusal !== undefined) return [{ reason: 'AdoptionRefused', message: refusal }];
  const isPlaced = record?.state === 'live' && record.tenant.uid === tenant.metadata.uid;
  const place = isPlaced ? undefined : placeWanted(observed);
  const { lost, unreachable } = wantedHosts(observed);
  return [
    ...(quota.kind === 'unusable' ? [{ reason: 'ReferenceMissing', message: quota.why }] : []),
    ...(place?.kind === 'stalled' && quota.kind !== 'unusable' && record === undefined ? [place] : []),
    ...(lost.length === 0
      ? []
      : [{ reason: 'HostClaimed', message: lost.map(({ host, holder }) => `${host} is claimed by ${holder}`).join('; ') }]),
    ...(unreachable.length === 0 ? [] : [{ reason: 'NoIngress', message: noIngress(observed, unreachable) }]),
  ];
}

function noIngress({ exposure, record }: TenantObserved, hosts: readonly string[]): string {
  const domain = exposure?.spec.domain ?? 'none';
  const cell = record?.cell ?? '';
  return `${hosts.join(', ')}: not directly under ${domain}, the domain of Cell ${cell}, which has neither Ingress nor Gateway`;
}

function everyMessage(obstacles: readonly Obstacle[]): string {
  return obstacles.map(({ message }) => message).join('; ');
}

function sumUp(observed: TenantObserved, obstacles: readonly Obstacle[]): Said {
  const { spec, probes, failure, door, record } = observed;
  if (failure !== undefined) return said('Ready', 'False', 'Failing', failure.message);
  if (obstacles.length > 0) return said('Ready', 'False', 'Stalled', everyMessage(obstacles));
  if (isPaused(observed.tenant) && observed.registered !== true && !isRegistered(observed))
    return said('Ready', 'False', 'Waiting', 'it is paused');
  if (record === undefined) {
    const place = placeWanted(observed);
    return said('Ready', 'False', 'Waiting', place.kind === 'placed' ? 'it has no place yet' : place.message);
  }
  if (door.kind !== 'open') return said('Ready', 'False', 'Waiting', door.kind === 'waiting' ? door.why : 'it has no place yet');
  if (!isRegistered(observed)) return said('Ready', 'False', 'Progressing', 'the services are being told of it');
  if (spec?.suspended === true) return said('Ready', 'False', 'Suspended', 'spec.suspended is true: nobody is let in');
  const failed = probes?.find((probe) => probe.kind !== 'serves');
  if (failed !== undefined) return said('Ready', 'False', 'Progressing', `the gateway does not serve ${failed.host} yet: ${whyOf(failed)}`);
  return said('Ready', 'True', 'Succeeded', `reached at ${wantedHosts(observed).held.join(', ')}`);
}

function placed({ record, tenant, spec, ...rest }: TenantObserved): Said[] {
  if (record?.tenant.uid === tenant.metadata.uid && record !== undefined)
    return [said('Placed', 'True', 'Placed', `in Cell ${record.cell}, its content in StoragePool ${record.pool}`)];
  if (spec === undefined) return [];
  const place = placeWanted({ record, tenant, spec, ...rest });
  if (place.kind === 'placed') return [];
  return [said('Placed', 'False', place.reason === 'NoRoom' ? 'NoRoom' : 'Waiting', place.message)];
}

function isRegistered(observed: TenantObserved): boolean {
  const { view } = observed;
  const intent = wantedIntent(observed);
  return view !== undefined && intent !== undefined && isKept(intent, view);
}

function registered(observed: TenantObserved): Said[] {
  const { failure, door, view } = observed;
  if (failure?.step === 'register' || failure?.step === 'view') return [said('Registered', 'False', 'Failing', failure.message)];
  if (door.kind === 'waiting') return [said('Registered', 'False', 'Waiting', door.why)];
  if (view === undefined) return [];
  if (wantedHosts(observed).held.length === 0) return [said('Registered', 'False', 'Waiting', 'it has no host')];
  if (!isRegistered(observed)) return [said('Registered', 'False', 'Progressing', 'not all of it has been told')];
  return [said('Registered', 'True', 'Registered', 'the services keep all that its spec says')];
}

/** Providers whose Secret is missing keep nobody from anything else: the tenant is as ready as without them. */
function signIn({ spec, issuerSecrets }: TenantObserved): Said[] {
  const issuers = spec === undefined ? [] : issuersOf(spec);
  if (issuers.length === 0) return [];
  const lacking = issuers.filter(({ secretName }) => !issuerSecrets.has(secretName));
  if (lacking.length === 0) return [said('SignInReady', 'True', 'Offered', `offered: ${issuers.map(({ name }) => name).join(', ')}`)];
  const each = lacking.map(({ name, secretName }) => `${name} waits for the key clientSecret of the Secret ${secretName}`);
  return [said('SignInReady', 'False', 'SecretMissing', `${each.join('; ')}, in the operator's namespace`)];
}

function reachable({ probes, spec }: TenantObserved): Said[] {
  if (probes === undefined || probes.length === 0) return [];
  const isWell = (kind: string): boolean => kind === 'serves' || (spec?.suspended === true && kind === 'suspended');
  const failed = probes.filter(({ kind }) => !isWell(kind));
  if (failed.length > 0) return [said('Reachable', 'False', 'Failing', failed.map((probe) => `${probe.host}: ${whyOf(probe)}`).join('; '))];
  return [said('Reachable', 'True', 'Answering', `the gateway answers for ${probes.map(({ host }) => host).join(', ')}`)];
}

function whyOf(probe: NonNullable<TenantObserved['probes']>[number]): string {
  return probe.kind === 'failed' ? probe.why : `it is ${probe.kind}`;
}

function quotaExceeded(observed: TenantObserved): Said[] {
  const { view } = observed;
  if (view === undefined) return [];
  const [storage, files] = [effectiveStorage(observed), effectiveFiles(observed)];
  const bytes = storage === undefined ? undefined : parseQuantity(storage);
  if (bytes !== undefined && BigInt(view.usage.storageBytes) > bytes)
    return [
      said('QuotaExceeded', 'True', 'Storage', `more is stored than ${storage}: nothing is lost, and nothing is taken until there is room`),
    ];
  if (files !== undefined && view.usage.files > files)
    return [
      said('QuotaExceeded', 'True', 'Files', `there are more files than ${files}: none is lost, and none is taken until there is room`),
    ];
  return [said('QuotaExceeded', 'False', 'Within', 'what is stored is within the limits')];
}

/** What still blocks a deletion. */
function deleting(observed: TenantObserved): Said {
  const { failure, door, record, erasures } = observed;
  const ending = endingOf(observed);
  const isSnapshotting = ending === 'erase' && !isBegun(observed) && awaitsBackup(observed);
  const erasing = isSnapshotting ? 'Snapshotting' : 'Erasing';
  const doing = ending === 'erase' ? erasing : 'Retaining';
  if (isPaused(observed.tenant)) return said('Deleting', 'True', doing, 'it is paused');
  if (failure !== undefined) return said('Deleting', 'True', doing, failure.message);
  if (record !== undefined && door.kind === 'waiting')
    return said(
      'Deleting',
      'True',
      doing,
      `${door.why}; where the cell is gone for good, annotate driftbox.io/abandon with the uid of this object`,
    );
  if (isSnapshotting) return said('Deleting', 'True', doing, snapshotting(observed));
  const far = Object.entries(erasures).map(([service, erasure]) => `${service} ${erasure?.state ?? 'asked'}`);
  if (ending === 'erase') return said('Deleting', 'True', doing, far.length === 0 ? 'the services are being asked' : far.join(', '));
  return said('Deleting', 'True', doing, 'it is suspended, recorded and kept');
}

function snapshotting({ lastBackup, tenantId }: TenantObserved): string {
  const far = lastBackup.kind === 'absent' ? 'it is asked for' : lastBackup.message;
  return `TenantBackup ${lastBackupName(tenantId)}: ${far}. With deletionPolicy Delete or Retain it goes without`;
}

function said(type: string, status: 'True' | 'False', reason: string, message: string): Said {
  return { type, status, reason, message: message.slice(0, 4_096) };
}

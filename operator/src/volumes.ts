import { kubeKinds } from './kube-kinds.ts';
import { expectOk, listAll, type Api, type KubeObject } from './runtime/index.ts';
import { isGrowing, workloadOf, type VolumeSizes, type Workload, type WorkloadObject } from './workload.ts';

/** A PersistentVolume, as far as keeping it takes. */
type Volume = KubeObject & {
  readonly spec?: {
    readonly persistentVolumeReclaimPolicy?: 'Retain' | 'Delete' | 'Recycle';
    readonly claimRef?: { readonly namespace?: string; readonly name?: string; readonly uid?: string };
    readonly resources?: object;
  };
};

const manager = 'driftbox-volumes';

/** Says what becomes of a namespace's volumes when their claims go. */
export async function setReclaim(api: Api, namespace: string, policy: 'Retain' | 'Delete', signal: AbortSignal): Promise<void> {
  for (const { metadata, spec } of await volumesOf(api, namespace, signal)) {
    if (spec?.persistentVolumeReclaimPolicy === policy) continue;
    const intent = volume(metadata.name, { persistentVolumeReclaimPolicy: policy });
    expectOk(await api.apply(kubeKinds.persistentVolume, intent, { manager, signal }), `setting volume ${metadata.name} to ${policy}`);
  }
}

/** Names of the claims that the volumes of a namespace are, or were, bound to. */
export async function keptClaims(api: Api, namespace: string, signal: AbortSignal): Promise<string[]> {
  const volumes = await volumesOf(api, namespace, signal);
  return [...new Set(volumes.flatMap(({ spec }) => spec?.claimRef?.name ?? []))];
}

/**
 * Lets the volumes of a namespace that is gone be bound again by claims of the same names: a reference without a uid reserves a volume for
 * whoever comes under that name. Of several for one claim the oldest is taken: it has what was first. To be called only where the namespace
 * is not there: its claims went with it, also where a volume's phase does not say so yet.
 */
export async function reclaimVolumes(api: Api, namespace: string, signal: AbortSignal): Promise<void> {
  const volumes = (await volumesOf(api, namespace, signal)).toSorted((a, b) => madeAt(a).localeCompare(madeAt(b)));
  const offered = new Set<string>();
  for (const one of volumes) {
    const { name, uid } = one.spec?.claimRef ?? {};
    if (name === undefined || offered.has(name) || one.spec?.persistentVolumeReclaimPolicy !== 'Retain') continue;
    offered.add(name);
    if (uid === undefined) continue;
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name };
    // Applying could not take away what the cluster has written; a conflict means that it has just written again.
    const intent: Volume = { ...one, spec: { ...one.spec, claimRef } };
    expectOk(await api.replace(kubeKinds.persistentVolume, intent, { signal }), `offering volume ${one.metadata.name} again`);
  }
}

/**
 * Makes the volumes of StatefulSets larger. What a StatefulSet says of them cannot be changed: it goes, leaves its pods where they are
 * (`Orphan`) or takes them along (`Background`), and is to be made again with its new size. Throws before it goes where the class of a
 * volume does not let it grow.
 */
export async function growVolumes(
  api: Api,
  namespace: string,
  sizes: VolumeSizes,
  signal: AbortSignal,
  propagation: 'Orphan' | 'Background' = 'Orphan',
): Promise<void> {
  const options = {
    api,
    kind: kubeKinds.statefulSet,
    selection: { namespace },
    pageSize: 100,
    ingest: (one: WorkloadObject) => one,
    signal,
  };
  const { items } = expectOk(await listAll<WorkloadObject>(options), 'looking for StatefulSets');
  for (const { metadata, ...rest } of items) {
    const { name } = metadata;
    const workload = workloadOf({ metadata, ...rest });
    if (workload.isGoing === true || !isGrowing(workload, sizes)) continue;
    for (const claim of await claimsOf(api, namespace, workload, signal)) {
      const spec = { resources: { requests: { storage: sizes[name] } } };
      const intent: Volume = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: claim, namespace }, spec };
      expectOk(await api.apply(kubeKinds.persistentVolumeClaim, intent, { manager, signal }), `making the volume ${claim} larger`);
    }
    const deleted = await api.delete(kubeKinds.statefulSet, { namespace, name }, { propagation, signal });
    if (deleted.kind !== 'notFound') expectOk(deleted, `replacing the StatefulSet ${name}`);
  }
}

/** Names of the claims of all pods that a StatefulSet has had. */
async function claimsOf(api: Api, namespace: string, { name, volumes }: Workload, signal: AbortSignal): Promise<string[]> {
  const kind = kubeKinds.persistentVolumeClaim;
  const options = { api, kind, selection: { namespace }, pageSize: 100, ingest: (one: KubeObject) => one, signal };
  const { items } = expectOk(await listAll<KubeObject>(options), 'looking for claims');
  const stems = (volumes?.names ?? []).map((volume) => `${volume}-${name}-`);
  return items.map(({ metadata }) => metadata.name).filter((claim) => stems.some((stem) => isOfStem(claim, stem)));
}

/** A claim is called after its volume, its StatefulSet and the number of its pod. */
function isOfStem(claim: string, stem: string): boolean {
  return claim.startsWith(stem) && /^[0-9]+$/.test(claim.slice(stem.length));
}

function madeAt({ metadata }: Volume): string {
  return metadata.creationTimestamp ?? '';
}

async function volumesOf(api: Api, namespace: string, signal: AbortSignal): Promise<Volume[]> {
  const options = { api, kind: kubeKinds.persistentVolume, selection: {}, pageSize: 500, ingest: (one: Volume) => one, signal };
  const { items } = expectOk(await listAll<Volume>(options), 'looking for volumes');
  return items.filter(({ spec }) => spec?.claimRef?.namespace === namespace);
}

function volume(name: string, spec: object): Volume {
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name }, spec };
}

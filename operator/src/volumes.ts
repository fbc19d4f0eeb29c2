import { kubeKinds } from './kube-kinds.ts';
import { expectOk, listAll, type Api, type KubeObject } from './runtime/index.ts';

/** A PersistentVolume, as far as keeping it takes. */
type Volume = KubeObject & {
  readonly spec?: {
    readonly persistentVolumeReclaimPolicy?: 'Retain' | 'Delete' | 'Recycle';
    readonly claimRef?: { readonly namespace?: string; readonly name?: string; readonly uid?: string };
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

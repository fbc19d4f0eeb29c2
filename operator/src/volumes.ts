import { kubeKinds } from './kube-kinds.ts';
import { expectOk, listAll, type Api, type KubeObject } from './runtime/index.ts';

/** A PersistentVolume, as far as keeping it takes. */
type Volume = KubeObject & {
  readonly spec?: {
    readonly persistentVolumeReclaimPolicy?: 'Retain' | 'Delete' | 'Recycle';
    readonly claimRef?: { readonly namespace?: string; readonly name?: string };
  };
  readonly status?: { readonly phase?: string };
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
 * Lets volumes whose claims went with their namespace be bound again by claims of the same names: a reference without a uid reserves a
 * volume for whoever comes under that name.
 */
export async function reclaimVolumes(api: Api, namespace: string, signal: AbortSignal): Promise<void> {
  for (const { metadata, spec, status } of await volumesOf(api, namespace, signal)) {
    const name = spec?.claimRef?.name;
    if (status?.phase !== 'Released' || name === undefined) continue;
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name };
    const intent = volume(metadata.name, { persistentVolumeReclaimPolicy: 'Retain', claimRef });
    expectOk(await api.apply(kubeKinds.persistentVolume, intent, { manager, signal }), `offering volume ${metadata.name} again`);
  }
}

async function volumesOf(api: Api, namespace: string, signal: AbortSignal): Promise<Volume[]> {
  const options = { api, kind: kubeKinds.persistentVolume, selection: {}, pageSize: 500, ingest: (one: Volume) => one, signal };
  const { items } = expectOk(await listAll<Volume>(options), 'looking for volumes');
  return items.filter(({ spec }) => spec?.claimRef?.namespace === namespace);
}

function volume(name: string, spec: object): Volume {
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name }, spec };
}

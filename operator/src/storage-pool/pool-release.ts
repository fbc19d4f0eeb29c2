import type { BackendsValues } from '@driftbox/charts';
import type { CatalogueVersion } from '../catalogue.ts';
import type { ImageSource } from '../cell/cell-input.ts';
import { cellLabel, poolLabel, poolNames, secretNames } from '../cell/names.ts';
import type { Release } from '../helm/index.ts';
import type { OwnedNamespace } from '../owned-namespace.ts';
import type { KubeObject } from '../runtime/index.ts';
import { dataOf, type SecretObject } from '../secret.ts';
import type { VolumeSizes } from '../workload.ts';
import type { PoolMaster } from './pool-bucket.ts';
import type { StoragePoolSpec } from './pool.ts';

/** All that the objects of a pool of ours follow from. */
export type BundledPool = {
  readonly name: string;
  readonly bundled: NonNullable<StoragePoolSpec['bundled']>;
  readonly master: PoolMaster;
  readonly version: CatalogueVersion;
  readonly images: ImageSource;
  /** Those that `images` names, as they are in the operator's namespace. */
  readonly pullSecrets: readonly SecretObject[];
  readonly operatorNamespace: string;
};

/** MinIO alone, from the chart that back ends of cells come from. */
export function poolRelease({ name, bundled, version, images, operatorNamespace }: BundledPool): Release {
  const { namespace, release } = poolNames(name);
  const { nodes, drivesPerNode, parity, driveSize, volumeClass } = bundled;
  const off = { enabled: false };
  const values: Omit<Partial<BackendsValues>, 'images' | 'minio' | 'postgres' | 'kafka' | 'redis' | 'networkPolicy'> &
    Record<string, unknown> = {
    imageRegistry: images.registry,
    imagePullSecrets: [...images.pullSecrets],
    images: { minio: { digest: version.images['minio'] } },
    profile: nodes === 1 ? 'tiny' : 'small',
    sizes: { minio: { replicas: nodes, storage: driveSize } },
    postgres: off,
    kafka: off,
    redis: off,
    minio: { drives: drivesPerNode, parity },
    ...(volumeClass === undefined ? {} : { storageClass: volumeClass }),
    networkPolicy: {
      clients: [
        { namespaceSelector: { matchExpressions: [{ key: cellLabel, operator: 'Exists' }] } },
        { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': operatorNamespace } } },
      ],
    },
  };
  const { folder: chart, digest: chartDigest } = version.charts['driftbox-backends'];
  return { name: release, namespace, chart, chartDigest, values };
}

/** How large the drives of a pool of ours are to be. */
export function driveSizes(name: string, spec: StoragePoolSpec | undefined): VolumeSizes {
  return { [`${poolNames(name).release}-minio`]: spec?.bundled?.driveSize };
}

/** The namespace of a pool of ours. */
export function poolNamespace(name: string, account: OwnedNamespace['account']): OwnedNamespace {
  return { name: poolNames(name).namespace, label: { name: poolLabel, value: name }, size: 'small', account };
}

/** The Secret that MinIO reads who may use it from. */
export function poolSecret({ name, master }: Pick<BundledPool, 'name' | 'master'>): KubeObject {
  const metadata = { name: secretNames.minio, namespace: poolNames(name).namespace, labels: { 'app.kubernetes.io/part-of': 'driftbox' } };
  const data = dataOf({ 'root-user': master.rootUser, 'root-password': master.rootPassword });
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data } as KubeObject;
}

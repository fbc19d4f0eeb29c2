import type { BackendsValues } from '@driftbox/charts';
import type { CatalogueVersion } from '../catalogue.ts';
import type { ImageSource } from '../cell/cell-input.ts';
import { cellLabel, poolLabel, poolNames, secretNames } from '../cell/names.ts';
import type { Release } from '../helm/index.ts';
import { digestOf, type OwnedNamespace } from '../owned-namespace.ts';
import type { KubeObject } from '../runtime/index.ts';
import { dataOf, type SecretObject } from '../secret.ts';
import type { VolumeSizes } from '../workload.ts';
import type { PoolMaster } from './pool-bucket.ts';
import type { PoolCertificate } from './pool-certificate.ts';
import type { StoragePoolSpec } from './pool.ts';

/** All that the objects of a pool of ours follow from. */
export type BundledPool = {
  readonly name: string;
  readonly bundled: NonNullable<StoragePoolSpec['bundled']>;
  readonly master: PoolMaster;
  /** Of one that speaks TLS. */
  readonly certificate?: PoolCertificate | undefined;
  readonly version: CatalogueVersion;
  readonly images: ImageSource;
  /** Those that `images` names, as they are in the operator's namespace. */
  readonly pullSecrets: readonly SecretObject[];
  readonly operatorNamespace: string;
};

/** MinIO alone, from the chart that back ends of cells come from. */
export function poolRelease({ name, bundled, certificate, version, images, operatorNamespace }: BundledPool): Release {
  const { namespace, release } = poolNames(name);
  const { nodes, drivesPerNode, parity, driveSize, volumeClass } = bundled;
  const off = { enabled: false };
  // Nodes know one another by an authority that they read when they start.
  const tls = certificate && { innerTls: secretNames.innerTls, revision: digestOf(certificate.authority) };
  const values: Omit<Partial<BackendsValues>, 'images' | 'minio' | 'postgres' | 'kafka' | 'redis' | 'secrets' | 'networkPolicy'> &
    Record<string, unknown> = {
    imageRegistry: images.registry,
    imagePullSecrets: [...images.pullSecrets],
    images: { minio: { digest: version.images['minio'] } },
    profile: nodes === 1 ? 'tiny' : 'small',
    sizes: { minio: { replicas: nodes, storage: driveSize } },
    postgres: off,
    kafka: off,
    redis: off,
    minio: { drives: drivesPerNode, parity, ...(tls === undefined ? {} : { tls: true }) },
    ...(tls === undefined ? {} : { secrets: tls }),
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

/** The Secrets that MinIO reads: who may use it, and by what it is known. */
export function poolSecrets({ name, master, certificate }: Pick<BundledPool, 'name' | 'master' | 'certificate'>): KubeObject[] {
  const { namespace } = poolNames(name);
  const secret = (called: string, values: Readonly<Record<string, string>>): KubeObject => {
    const metadata = { name: called, namespace, labels: { 'app.kubernetes.io/part-of': 'driftbox' } };
    return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: dataOf(values) } as KubeObject;
  };
  const keys = secret(secretNames.minio, { 'root-user': master.rootUser, 'root-password': master.rootPassword });
  if (certificate === undefined) return [keys];
  const { authority, certificate: shown, key } = certificate;
  return [keys, secret(secretNames.innerTls, { 'ca.crt': authority, 'minio.crt': shown, 'minio.key': key })];
}

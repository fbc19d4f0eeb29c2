import type { Catalogue } from '../catalogue.ts';
import type { ImageSource } from '../cell/cell-input.ts';
import type { CertificateEnds } from '../cell/certificate-metrics.ts';
import type { ReleaseEngine } from '../helm/index.ts';
import type { Api, Cache, EventRecorder } from '../runtime/index.ts';
import type { BackupsOfPool, CellOfPool, Pool, QuotaOfPool, TenantOfPool } from './pool.ts';
import type { ProbeBucket } from './probe-bucket.ts';

/** What a pass over a StoragePool works with. */
export type PoolParts = {
  readonly api: Api;
  readonly engine: Pick<ReleaseEngine, 'reconcile' | 'preview'>;
  readonly events: Pick<EventRecorder, 'record'>;
  readonly pools: Pick<Cache<Pool, 'mirror'>, 'get' | 'find'>;
  readonly cells: Pick<Cache<CellOfPool, 'pool'>, 'find'>;
  /** Also by the pool that their last backup is to go to. */
  readonly tenants: Pick<Cache<TenantOfPool, 'pool' | 'lastBackup'>, 'find'>;
  readonly backups: Pick<Cache<BackupsOfPool, 'pool'>, 'find'>;
  readonly schedules: Pick<Cache<BackupsOfPool, 'pool'>, 'find'>;
  readonly quotas: Pick<Cache<QuotaOfPool>, 'get'>;
  readonly probe: ProbeBucket;
  /** Told of each pool that changed, for those who wait for one. */
  readonly onChanged: (pool: string) => void;
  readonly certificates: CertificateEnds;
  readonly catalogue: Catalogue;
  readonly images: ImageSource;
  readonly operatorNamespace: string;
  /** See `CellParts`. */
  readonly account?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly wallMs: () => number;
};

import type { CertificateSeen, NamespaceSeen, Trouble } from '../cell/cell-observed.ts';
import type { BundledPool } from './pool-release.ts';
import type { ShownContent } from '../tenant/tenant.ts';
import type { PoolAccess } from './pool-access.ts';
import type { PoolMaster } from './pool-bucket.ts';
import type { MirrorSeen } from './plan-mirror.ts';
import type { Pool, StoragePoolSpec } from './pool.ts';

/** What is known of a StoragePool when it is decided on. */
export type PoolObserved = {
  readonly pool: Pool;
  /** With defaults; absent where something is wrong with it. */
  readonly spec: StoragePoolSpec | undefined;
  readonly faults: readonly string[];
  readonly missing: Trouble | undefined;
  /** Absent until it was made. */
  readonly master: PoolMaster | undefined;
  readonly access: PoolAccess | undefined;
  /** The pool that its spec names as mirror; absent where it names none. */
  readonly mirror: MirrorSeen | undefined;
  /** Who names it, as `cell eu`, in any order. */
  readonly users: readonly string[];
  /** Names of the TenantBackups that lie in it, or are being made or removed there. */
  readonly backups: readonly string[];
  /** Bytes that its tenants have been promised, and bytes that their people have stored, before packs save any. */
  readonly allocated: bigint;
  readonly used: bigint;
  readonly content: ShownContent;
  /** Of a MinIO of ours; absent for an external pool, or before everything that it follows from is known. */
  readonly bundled: BundledPool | undefined;
  /** What is to be made for it is a MinIO that speaks TLS from its first start. */
  readonly beginsByTls: boolean;
  /** Of a MinIO of ours that speaks TLS. */
  readonly certificate: CertificateSeen;
  readonly namespace: NamespaceSeen;
  /** Digest of what is to be in the namespace before MinIO runs. */
  readonly base: string;
  /** False while a MinIO of ours is on its way. */
  readonly serverIsReady: boolean;
  /** Its MinIO was made to speak TLS and is not to, or the other way round. */
  readonly speaksOtherwise: boolean;
  /** Its drives are smaller than they are to be. */
  readonly isGrowing: boolean;
  readonly isDeep: boolean;
  readonly epochMs: number;
};

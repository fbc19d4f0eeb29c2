import { createBackups } from './backup/create-backups.ts';
import { createSchedules } from './backup-schedule/create-schedules.ts';
import type { Catalogue } from './catalogue.ts';
import type { ImageSource } from './cell/cell-input.ts';
import { createCertificateMetrics } from './cell/certificate-metrics.ts';
import { createCells } from './cell/create-cells.ts';
import { reachRedis, type ReachRedis } from './cell/redis-passwords.ts';
import type { TryBackends } from './cell/try-backends.ts';
import type { HelmOptions, ReleaseEngine } from './helm/index.ts';
import type { Follow, Following, KindParts } from './kind-parts.ts';
import { createRestores } from './restore/create-restores.ts';
import type { Registry } from 'prom-client';
import type { Controller, ControllerOptions } from './runtime/index.ts';
import { createPools } from './storage-pool/create-pools.ts';
import type { ProbeBucket } from './storage-pool/probe-bucket.ts';

/** What Cells, StoragePools and TenantBackups are brought about with. */
export type Making = {
  /** What came with the operator: charts and images of each version. */
  readonly catalogue: Catalogue;
  readonly helm: Omit<HelmOptions, 'guard'>;
  /** Where pods that it makes get their images. */
  readonly images: ImageSource;
  /** Its ServiceAccount, which gets rights in the namespaces that it makes; absent where it may do everything already. */
  readonly account?: string | undefined;
  /** How the Redis of cells is reached; by its name in the cluster without it. */
  readonly reachRedis?: ReachRedis | undefined;
  /** The time of day in milliseconds; this machine's without it. */
  readonly wallMs?: (() => number) | undefined;
};

type Around = {
  readonly engine: (helm: Making['helm']) => ReleaseEngine;
  /** The operator's own. */
  readonly namespace: string;
  readonly follow: Follow;
  readonly control: (name: string) => Omit<ControllerOptions, 'reconcile'>;
  readonly registry: Registry;
};

// Clients of S3, PostgreSQL, Kafka and Redis are loaded by the first pass that needs one: many an operator never does.
const probe: ProbeBucket = async (...asked) => (await import('./storage-pool/probe-bucket.ts')).probeBucket(...asked);
const tryBackends: TryBackends = async (input) => {
  const { postgres, kafka, redis } = input.spec;
  if ([postgres, kafka, redis].every(({ external }) => external === undefined)) return {};
  return (await import('./cell/try-backends.ts')).tryBackends(input);
};

/** What looks after StoragePools, Cells, which wait for them, and backups, whose Jobs run what came with the operator. */
export function createMade(
  { api, events }: KindParts,
  { catalogue, helm, images, account, reachRedis: reach = reachRedis, wallMs = Date.now }: Making,
  { engine, namespace, follow, control, registry }: Around,
): readonly { readonly controller: Controller; readonly reflectors: readonly Following[] }[] {
  const making = { api, events, engine: engine(helm), images, account, operatorNamespace: namespace, wallMs };
  const certificates = createCertificateMetrics(registry, wallMs);
  const onChanged = (pool: string): void => cells.poolChanged(pool);
  const pools = createPools({ ...making, catalogue, certificates, probe, onChanged }, follow, control);
  const telling = { registry, catalogue, certificates, seePool: pools.seePool };
  const cells = createCells({ ...making, ...telling, tryBackends, reachRedis: reach }, follow, control);
  const backups = createBackups({ ...making, catalogue }, follow, control);
  const restores = createRestores({ ...making, catalogue, backups: backups.cache }, follow, control);
  return [pools, cells, backups, restores, createSchedules({ ...making, registry }, follow, control)];
}

import type { CertificateEnds } from './certificate-metrics.ts';
import type { Catalogue } from '../catalogue.ts';
import type { ReleaseEngine } from '../helm/index.ts';
import type { Api, Cache, EventRecorder } from '../runtime/index.ts';
import type { SeePool } from '../storage-pool/see-pool.ts';
import type { ImageSource } from './cell-input.ts';
import type { Cell, TenantOfCell } from './cell.ts';
import type { ReachRedis } from './redis-passwords.ts';
import type { TryBackends } from './try-backends.ts';
import type { UpgradeLine } from './upgrade-line.ts';

/** What a pass over a Cell works with. */
export type CellParts = {
  readonly api: Api;
  readonly engine: Pick<ReleaseEngine, 'reconcile' | 'preview'>;
  readonly events: Pick<EventRecorder, 'record'>;
  readonly cells: Pick<Cache<Cell>, 'get'>;
  /** Whose upgrade is next. */
  readonly line: UpgradeLine;
  readonly tenants: Pick<Cache<TenantOfCell, 'cell'>, 'find'>;
  readonly seePool: SeePool;
  readonly tryBackends: TryBackends;
  readonly reachRedis: ReachRedis;
  readonly certificates: CertificateEnds;
  readonly catalogue: Catalogue;
  readonly images: ImageSource;
  readonly operatorNamespace: string;
  /** The operator's ServiceAccount there, which is given rights in each cell's namespace; absent where it may everything already. */
  readonly account?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly wallMs: () => number;
};

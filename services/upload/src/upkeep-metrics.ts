import { createRoundMetrics, tenantLabel, type Round } from '@driftbox/service-kit';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What a scrub and a recount of one tenant found. */
export type TenantFindings = {
  /** Age of the least recently verified pack. */
  readonly oldestMs: number;
  readonly damagedChunks: number;
  /** How far the physical ledger is from a recount, in bytes. */
  readonly driftBytes: number;
  /** What its packs take in the pool, by the physical ledger. */
  readonly storedBytes: number;
};

/** What background work on the pool counts. */
export type UpkeepMetrics = {
  readonly collectedChunks: Counter<'outcome'>;
  readonly collectedBytes: Counter<'what'>;
  readonly scrubbedBytes: Counter;
  readonly strays: StrayMetrics;
  /** Keeps what was found last of a tenant; the worst, or the sum, over all tenants is shown. */
  readonly note: (tenantId: string, found: Partial<TenantFindings>) => void;
  /** What the rounds over all tenants have done and have left. */
  readonly rounds: Readonly<Record<'collection' | 'scrub' | 'recount', Round>>;
  /** Says how long ago each job came to the end of all tenants, in milliseconds. */
  readonly setAges: (agesMs: ReadonlyMap<string, number>) => void;
};

/** What was found in the pool that belongs to nothing, as this process last looked, and what was removed. */
type StrayMetrics = { readonly packs: Gauge; readonly bytes: Gauge; readonly foreign: Gauge; readonly removed: Counter<'what'> };

const mostTenants = 100_000;
const nothing: TenantFindings = { oldestMs: 0, damagedChunks: 0, driftBytes: 0, storedBytes: 0 };

/** Registers them. */
export function createUpkeepMetrics(registry: Registry): UpkeepMetrics {
  const registers = [registry];
  const age = new Gauge({
    name: 'driftbox_upload_upkeep_age_seconds',
    help: 'Since a job last came to the end of all tenants; beyond a few of its periods it is stuck or too slow',
    labelNames: ['round'],
    registers,
  });
  const collectedChunks = new Counter({
    name: 'driftbox_upload_collected_chunks_total',
    help: 'Chunks that nothing references: condemned ones await the end of their grace period, removed ones are gone',
    labelNames: ['outcome'],
    registers,
  });
  const collectedBytes = new Counter({
    name: 'driftbox_upload_collected_bytes_total',
    help: 'Bytes of packs: dead (of removed chunks), moved (live ones, out of mostly dead packs), freed (given back to the pool)',
    labelNames: ['what'],
    registers,
  });
  // Nothing collected yet is zero, not unknown.
  for (const outcome of ['condemned', 'removed']) collectedChunks.inc({ outcome }, 0);
  for (const what of ['dead', 'moved', 'freed']) collectedBytes.inc({ what }, 0);
  return {
    collectedChunks,
    collectedBytes,
    scrubbedBytes: new Counter({
      name: 'driftbox_upload_scrubbed_bytes_total',
      help: 'Bytes of packs that scrubbing read and verified',
      registers,
    }),
    strays: strayMetrics(registry),
    note: findingsGauges(registry),
    rounds: {
      collection: createRoundMetrics(registry, 'collection'),
      scrub: createRoundMetrics(registry, 'scrub'),
      recount: createRoundMetrics(registry, 'recount'),
    },
    setAges: (agesMs) => {
      for (const [round, ageMs] of agesMs) age.set({ round }, ageMs / 1_000);
    },
  };
}

function strayMetrics(registry: Registry): StrayMetrics {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const removed = new Counter({
    name: 'driftbox_upload_strays_removed_total',
    help: 'Objects that dying processes left behind: packs that never got a row, and writes that were not finished',
    labelNames: ['what'],
    registers: [registry],
  });
  for (const what of ['pack', 'unfinished']) removed.inc({ what }, 0);
  return {
    removed,
    packs: gauge(
      'driftbox_upload_stray_packs',
      'Packs that no row names, as this process last saw; some wait, many that stay are a defect',
    ),
    bytes: gauge('driftbox_upload_stray_bytes', 'Bytes of packs that no row names, as this process last saw'),
    foreign: gauge(
      'driftbox_upload_foreign_objects',
      'Objects where the pool is that are none of ours, or that no key of ours opens; nobody removes them: somebody else may use the place',
    ),
  };
}

function findingsGauges(registry: Registry): UpkeepMetrics['note'] {
  const found = new Map<string, TenantFindings>();
  const shown = (name: string, help: string, value: (all: readonly TenantFindings[]) => number): void => {
    const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: () => gauge.set(value([...found.values()])) });
  };
  const sum = (all: readonly TenantFindings[], of: (one: TenantFindings) => number): number =>
    all.reduce((total, one) => total + of(one), 0);
  shown(
    'driftbox_upload_oldest_verification_seconds',
    'Age of the least recently verified pack, as this process last saw it; beyond DRIFTBOX_SCRUB_WITHIN the rate is too low',
    (all) => all.reduce((oldest, { oldestMs }) => Math.max(oldest, oldestMs), 0) / 1_000,
  );
  shown(
    'driftbox_upload_damaged_chunks',
    'Chunks that this process could not read when it last verified their packs; above zero files are damaged',
    (all) => sum(all, ({ damagedChunks }) => damagedChunks),
  );
  shown(
    'driftbox_upload_ledger_drift_bytes',
    'How far the physical ledgers are from a recount, all tenants together, as this process last counted; anything but zero is a defect',
    (all) => sum(all, ({ driftBytes }) => driftBytes),
  );
  showStored(registry, found);
  return (tenantId, some) => {
    if (found.size < mostTenants || found.has(tenantId)) found.set(tenantId, { ...(found.get(tenantId) ?? nothing), ...some });
  };
}

function showStored(registry: Registry, found: ReadonlyMap<string, TenantFindings>): void {
  const labelOf = tenantLabel(registry);
  const gauge: Gauge<'tenant'> = new Gauge({
    name: 'driftbox_upload_stored_bytes',
    help: 'What packs take in the pool, by tenant of those that are watched, all others are other, as this process last counted',
    labelNames: ['tenant'],
    registers: [registry],
    collect: () => {
      gauge.reset();
      gauge.set({ tenant: 'other' }, 0);
      for (const [tenantId, { storedBytes }] of found) gauge.inc({ tenant: labelOf(tenantId) }, storedBytes);
    },
  });
}

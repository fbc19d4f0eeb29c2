import type { TenantId } from '@driftbox/domain';
import { tryLead, type Lead } from '@driftbox/postgres';
import type { Logger } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { listTenants } from '../store/list-tenants.ts';
import type { UpkeepMetrics } from '../upkeep-metrics.ts';
import { endUpkeepRound, readUpkeepRounds, type UpkeepJobName } from '../store/upkeep-places.ts';

/** A job that goes over everything, each round at least so long after the one before. */
export type UpkeepTask = {
  readonly name: UpkeepJobName;
  readonly everyMs: number;
  readonly round: (signal: AbortSignal) => Promise<unknown>;
};

/** How often it is looked whether a round is due, and by whom. */
const lookMs = 60_000;

/**
 * Runs a task in one process of all that share the database: by an advisory lock, which falls free when that process ends. A round that
 * fails is logged and begins again.
 */
export class UpkeepJob {
  readonly #context: Context;
  readonly #log: Logger;
  readonly #task: UpkeepTask;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(context: Context, log: Logger, task: UpkeepTask) {
    this.#context = context;
    this.#log = log;
    this.#task = task;
  }

  start(): void {
    this.#timer = setTimeout(
      () => {
        this.#running = this.#look().finally(() => {
          if (!this.#stopping.signal.aborted) this.start();
        });
      },
      Math.min(lookMs, this.#task.everyMs),
    );
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #look(): Promise<void> {
    const { name, everyMs } = this.#task;
    let lead: Lead | undefined;
    try {
      const rounds = await readUpkeepRounds(this.#context.database);
      this.#context.upkeepMetrics.setAges(rounds);
      if ((rounds.get(name) ?? Infinity) < everyMs) return;
      lead = await tryLead(this.#context.database, name);
      if (lead !== undefined) await this.#round(AbortSignal.any([lead.signal, this.#stopping.signal]));
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#log.warn({ err: error, job: name }, 'upkeep will try again');
    } finally {
      await lead?.release();
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { database, upkeepMetrics } = this.#context;
    const { name, round } = this.#task;
    await round(signal);
    if (signal.aborted) return;
    await endUpkeepRound(database, name);
    upkeepMetrics.setAges(await readUpkeepRounds(database));
  }
}

/** A round over all tenants. One that fails is logged and has its turn in the next round. */
export function overTenants(
  { database, upkeepMetrics }: Pick<Context, 'database' | 'upkeepMetrics'>,
  log: Logger,
  job: keyof UpkeepMetrics['rounds'],
  run: (tenantId: TenantId, signal: AbortSignal) => Promise<unknown>,
): UpkeepTask['round'] {
  return async (signal) => {
    for (const tenantId of upkeepMetrics.rounds[job].over(await listTenants(database))) {
      await run(tenantId, signal).catch((error: unknown) => {
        if (!signal.aborted) log.warn({ err: error, tenantId, job }, 'upkeep of a tenant failed');
      });
      if (signal.aborted) return;
    }
  };
}

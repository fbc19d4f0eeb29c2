import type { TenantId } from '@driftbox/domain';
import { repeat, type Logger, type Repeated } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { expire } from './expire.ts';
import { listTenants } from './store/list-tenants.ts';

const passesOfTenant = 20;

/** Runs the expiry of every tenant in turn, again and again, one at a time. A failure is logged and the next turn tries anew. */
export class ExpiryJob {
  readonly #context: Context;
  readonly #log: Logger;
  readonly #everyMs: number;
  #repeated: Repeated | undefined;

  constructor(context: Context, log: Logger, everyMs: number) {
    this.#context = context;
    this.#log = log;
    this.#everyMs = everyMs;
  }

  start(): void {
    const onError = (error: unknown): void => this.#log.warn({ err: error }, 'expiry could not list tenants');
    this.#repeated = repeat(this.#everyMs, (signal) => this.#round(signal), onError);
  }

  async stop(): Promise<void> {
    await this.#repeated?.stop();
  }

  /** Ends what is overdue for one tenant, at most so many passes of it. */
  async run(tenantId: TenantId): Promise<number> {
    let ended = 0;
    for (let pass = 0; pass < passesOfTenant; pass += 1) {
      const some = await expire(this.#context, tenantId);
      ended += some;
      if (some === 0) break;
    }
    return ended;
  }

  async #round(signal: AbortSignal): Promise<void> {
    const tenants = await listTenants(this.#context.database);
    // Another process may have erased one: its keys go here too.
    this.#context.keys.keepOnly(new Set(tenants));
    for (const tenantId of tenants) {
      if (signal.aborted) return;
      await this.run(tenantId).catch((error: unknown) => this.#log.warn({ err: error, tenantId }, 'expiry failed'));
    }
  }
}

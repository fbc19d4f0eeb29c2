import assert from 'node:assert/strict';
import type { Gauge } from 'prom-client';
import type { Answer } from '../api/answer.ts';
import type { Api } from '../api/api.ts';
import { apiVersionOf } from '../api/object.ts';
import { pause, systemClock, type Clock, type Random } from '../clock.ts';
import { defaultLeaseTiming, mayTake, nextRecord, releasedRecord, sight, type LeaseTiming, type Sighting } from './judge-lease.ts';
import { leaseKind, type Lease, type LeaseSpec } from './lease.ts';
import { Tenure } from './tenure.ts';

/** What an elector is made of. */
export type ElectorOptions = {
  /** One of its own: renewals must not queue behind other requests, nor ask the guard that they feed. */
  readonly api: Pick<Api, 'get' | 'create' | 'replace'>;
  readonly namespace: string;
  readonly name: string;
  /** This process and no other, not even the next in the same pod. */
  readonly identity: string;
  readonly timing?: LeaseTiming | undefined;
  readonly metrics?: Gauge<'name'> | undefined;
  readonly clock?: Clock | undefined;
  /** Milliseconds since the epoch, for people who read the record. */
  readonly wallMs?: (() => number) | undefined;
  readonly random?: Random | undefined;
};

type Attempt = 'held' | 'mine' | 'unknown';

/**
 * Runs for the lead, and keeps it. Whoever has lost it does not run again: its process must end, since nobody can say what of its work
 * is still under way. This is no fencing: a change that was sent in time may still arrive late, only by less than a lease lasts.
 */
export class Elector {
  readonly #options: ElectorOptions;
  readonly #timing: LeaseTiming;
  readonly #clock: Clock;
  readonly #wallMs: () => number;
  readonly #random: Random;
  readonly #tenure: Tenure;
  readonly #stopping = new AbortController();
  readonly #elected = Promise.withResolvers<void>();
  readonly #lost = Promise.withResolvers<void>();
  #state: 'standby' | 'leading' | 'lost' | 'stopped' = 'standby';
  #lease: Lease | undefined;
  #sighting: Sighting | undefined;
  #running: Promise<void> | undefined;
  #death: unknown;

  constructor(options: ElectorOptions) {
    this.#options = options;
    this.#timing = options.timing ?? defaultLeaseTiming;
    assert(this.#timing.renewWithinMs < this.#timing.durationMs && this.#timing.retryMs < this.#timing.renewWithinMs, 'impossible timing');
    this.#clock = options.clock ?? systemClock;
    this.#wallMs = options.wallMs ?? Date.now;
    this.#random = options.random ?? Math.random;
    this.#tenure = new Tenure(this.#timing, this.#clock, this.#wallMs);
  }

  /** Begins to run for the lead; may be called once. */
  start(): void {
    assert(this.#running === undefined, 'an elector starts once');
    this.#show(false);
    this.#running = this.#run().catch((error: unknown) => {
      this.#death = error;
      this.#lose();
    });
  }

  /** Resolves when it leads; never, if it does not come to that. */
  get elected(): Promise<void> {
    return this.#elected.promise;
  }

  /** Resolves when it led and can no longer be sure of it. */
  get lost(): Promise<void> {
    return this.#lost.promise;
  }

  /** For `ApiOptions.guard`: how long a change may still take. Throws `NotLeading` where none may begin. */
  readonly guard = (): number => this.#tenure.leftMs();

  /** Why the process should not go on; undefined while all is well, on a standby too, and while the server is away. */
  get failure(): string | undefined {
    if (this.#death !== undefined) return `the election of ${this.#options.name} died: ${String(this.#death)}`;
    const isStale = this.#state === 'leading' && this.#tenure.ageMs >= this.#timing.durationMs;
    return isStale ? `the lease ${this.#options.name} has expired and is still believed in` : undefined;
  }

  /** Runs no more, and gives the lead back if it has it: to be called when nothing is under way any more that needs it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    const wasLeading = this.#state === 'leading';
    this.#state = 'stopped';
    this.#tenure.end();
    this.#show(false);
    const lease = this.#lease;
    if (!wasLeading || lease?.spec === undefined) return;
    // The next leader takes over at once; if this fails it waits for the lease to expire.
    await this.#options.api.replace(
      leaseKind,
      { ...lease, spec: releasedRecord(lease.spec, this.#wallMs()) },
      { timeoutMs: this.#timing.retryMs },
    );
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted && this.#state !== 'lost') {
      const attempt = await this.#attempt();
      if (signal.aborted) return;
      if (attempt === 'mine' && this.#state === 'standby') this.#win();
      const isOverdue = this.#tenure.ageMs >= this.#timing.renewWithinMs;
      if (this.#state === 'leading' && (attempt === 'held' || isOverdue)) return this.#lose();
      await pause(this.#clock, this.#pauseMs(), signal);
    }
  }

  /** A leader never sleeps past the time by which it must have renewed. */
  #pauseMs(): number {
    const { retryMs, renewWithinMs } = this.#timing;
    if (this.#state !== 'leading') return retryMs * (1 + 0.2 * this.#random());
    return Math.max(1, Math.min(retryMs, renewWithinMs - this.#tenure.ageMs));
  }

  async #attempt(): Promise<Attempt> {
    const { identity } = this.#options;
    const sent = this.#tenure.now();
    const lease = this.#lease ?? (await this.#read());
    if (lease === undefined) return 'unknown';
    if (lease !== 'none') {
      this.#sighting = sight(this.#sighting, lease.spec ?? {}, this.#clock.now());
      if (!mayTake(this.#sighting, identity, this.#clock.now())) return 'held';
    }
    const spec = nextRecord(lease === 'none' ? undefined : lease.spec, identity, this.#timing, this.#wallMs());
    const answer = await this.#write(lease, spec);
    if (answer.kind !== 'ok') {
      // Whatever it was, what we knew of the record may no longer be so.
      this.#lease = undefined;
      return 'unknown';
    }
    this.#lease = answer.value;
    this.#tenure.renew(sent);
    return 'mine';
  }

  async #read(): Promise<Lease | 'none' | undefined> {
    const { api, namespace, name } = this.#options;
    const answer = await api.get<Lease>(leaseKind, { namespace, name }, this.#call());
    if (answer.kind === 'ok') return answer.value;
    return answer.kind === 'notFound' ? 'none' : undefined;
  }

  #write(lease: Lease | 'none', spec: LeaseSpec): Promise<Answer<Lease>> {
    const { api, namespace, name } = this.#options;
    if (lease !== 'none') return api.replace<Lease>(leaseKind, { ...lease, spec }, this.#call());
    const fresh: Lease = { apiVersion: apiVersionOf(leaseKind), kind: leaseKind.kind, metadata: { namespace, name }, spec };
    return api.create<Lease>(leaseKind, fresh, this.#call());
  }

  /** A request that hangs must leave time for another before the lead is lost. */
  #call(): { readonly timeoutMs: number } {
    const { renewWithinMs, retryMs } = this.#timing;
    const leftMs = this.#state === 'leading' ? renewWithinMs - this.#tenure.ageMs : Infinity;
    return { timeoutMs: Math.max(1, Math.min(2 * retryMs, leftMs)) };
  }

  #win(): void {
    this.#state = 'leading';
    this.#show(true);
    this.#elected.resolve();
  }

  #lose(): void {
    this.#state = 'lost';
    this.#tenure.end();
    this.#show(false);
    this.#lost.resolve();
  }

  #show(leads: boolean): void {
    this.#options.metrics?.set({ name: this.#options.name }, leads ? 1 : 0);
  }
}

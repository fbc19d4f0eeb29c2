import type { DriveId, TenantId } from '@driftbox/domain';

/** A wake-up: this drive has moved on at least to `seq`. It carries nothing to act on but the question "what is new?". */
export type Hint = {
  readonly tenantId: TenantId;
  readonly drive: DriveId;
  readonly driveEpoch: string;
  readonly seq: number;
  /** When it was sent, by the sender's clock, for measuring how long it took. */
  readonly sentAtMs?: number | undefined;
};

/** One listener's place on the bus. */
export type HintSubscription = { stop(): Promise<void> };

/**
 * Hints between services: fast, and lossy on purpose. A hint may be lost, doubled, late or overtaken by another of its
 * drive; nothing may depend on it. The event of the same commit travels on the `EventBus` and is not lost.
 */
export type HintBus = {
  /** Sends and forgets: never throws, never waits, and holds a bounded number of hints that could not leave yet. */
  publish(hint: Hint): void;
  /** Resolves once hints published from then on reach `listener`. What it throws concerns neither publisher nor others. */
  subscribe(listener: (hint: Hint) => void): Promise<HintSubscription>;
  /** Ends all subscriptions; what is published afterwards is lost. */
  close(): Promise<void>;
};

/** A process cannot serve: these parts do not answer. */
export class NotReady extends Error {
  readonly missing: readonly string[];

  constructor(missing: readonly string[], causes: readonly unknown[]) {
    super(`not ready: ${missing.join(', ')}`, { cause: causes.length === 1 ? causes[0] : new AggregateError(causes) });
    this.name = 'NotReady';
    this.missing = missing;
  }
}

/**
 * Asks every part that a service cannot serve without, all at once; throws one `NotReady` that names those that throw.
 * What requests do not wait for, as the event bus, is no such part: its trouble shows in metrics.
 */
export function checkParts(parts: Readonly<Record<string, () => Promise<unknown>>>): () => Promise<void> {
  const entries = Object.entries(parts);
  return async () => {
    const settled = await Promise.allSettled(entries.map(([, check]) => check()));
    const missing = entries.map(([name]) => name).filter((_name, index) => settled[index]?.status === 'rejected');
    const causes = settled.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
    if (missing.length > 0) throw new NotReady(missing, causes);
  };
}

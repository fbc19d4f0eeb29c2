import type { Database, Transaction } from '@driftbox/postgres';
import { PlantedFault } from '@driftbox/testkit';

type Work<T> = (tx: Transaction) => Promise<T>;

/** A planted defect: what a transaction did before a planted fault commits, as it would statement by statement without a transaction. */
export function keepHalves(real: Database): Database {
  const half = async <T>(fn: Work<T>, run: (kept: Work<T | undefined>) => Promise<T | undefined>): Promise<T> => {
    let death: PlantedFault | undefined;
    const value = await run((tx) =>
      fn(tx).catch((error: unknown) => {
        if (!(error instanceof PlantedFault)) throw error;
        death = error;
        return undefined;
      }),
    );
    if (death !== undefined) throw death;
    return value as T;
  };
  return {
    ...real,
    transaction: (tenantId, fn, options) => half(fn, (kept) => real.transaction(tenantId, kept, options)),
    systemTransaction: (fn, options) => half(fn, (kept) => real.systemTransaction(kept, options)),
  };
}

import { createApi, createTenants, Reflector, type Api, type CellDoor, type Follow } from '@driftbox/operator';
import type { CellOfTest } from './cell-of-test.ts';
import type { ClusterOfTest } from './cluster-of-test.ts';

/** At which of its changes a process ends, the first being 1, and whether the change was still made: then its answer is lost. */
export type Death = { readonly change: number; readonly isMade: boolean };

/** What looks after tenants in a process that may end in the middle of anything. */
export type MortalOperator = AsyncDisposable & {
  /** Resolves when it has ended as it was told. */
  readonly died: Promise<void>;
  /** Changes that it has begun. */
  changes(): number;
};

/**
 * Starts one. From the moment of its death nothing that it does reaches anybody, as with a process that was killed; what was under way
 * elsewhere goes on.
 */
export async function startMortal(cluster: ClusterOfTest, cell: CellOfTest, death: Death | undefined): Promise<MortalOperator> {
  const access = cluster.newAccess();
  const died = Promise.withResolvers<void>();
  let changes = 0;
  let isDead = false;
  const die = (): never => {
    isDead = true;
    died.resolve();
    throw new Error('the process was killed');
  };
  const change = async <T>(make: () => Promise<T>): Promise<T> => {
    if (isDead) die();
    changes += 1;
    const isLast = changes === death?.change;
    if (isLast && !death.isMade) die();
    const made = await make();
    if (isLast || isDead) die();
    return made;
  };
  const whole = createApi({ access, userAgent: 'driftbox-mortal', rate: { perSecond: 1_000, burst: 1_000 } });
  const api: Api = {
    ...whole,
    apply: (...given) => change(() => whole.apply(...given)) as never,
    applyStatus: (...given) => change(() => whole.applyStatus(...given)) as never,
    create: (...given) => change(() => whole.create(...given)) as never,
    replace: (...given) => change(() => whole.replace(...given)) as never,
    delete: (...given) => change(() => whole.delete(...given)),
  };
  const door: CellDoor = {
    ...cell.door,
    put: (...given) => change(() => cell.door.put(...given)),
    erase: (...given) => change(() => cell.door.erase(...given)),
  };
  const follow: Follow = (parts) => {
    const selection = parts.kind.group === 'driftbox.io' ? { labelSelector: cluster.only } : parts.selection;
    return new Reflector({ api, ...parts, selection });
  };
  const openCell = async () => door;
  const { controller, reflectors, close } = createTenants(
    { api, events: { record: () => {} }, namespace: cluster.namespace, openCell },
    follow,
    (name) => ({ name, workers: 1, queue: { backoff: { firstMs: 50, mostMs: 500, jitter: 0 } } }),
  );
  for (const reflector of reflectors) reflector.start();
  await Promise.all(reflectors.map(({ synced }) => synced));
  controller.start();
  return {
    died: died.promise,
    changes: () => changes,
    async [Symbol.asyncDispose]() {
      await controller.stop();
      await Promise.all(reflectors.map((reflector) => reflector.stop()));
      close();
      access.close();
    },
  };
}

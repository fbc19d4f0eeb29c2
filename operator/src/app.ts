import { randomUUID } from 'node:crypto';
import type { Logger } from '@driftbox/service-kit';
import type { Registry } from 'prom-client';
import { createMade, type Making } from './create-made.ts';
import { createHelm, ReleaseEngine } from './helm/index.ts';
import { followOnce } from './follow-once.ts';
import { createQuotas } from './quota/create-quotas.ts';
import type { OpenCell } from './tenant/cell-door.ts';
import { createTenants } from './tenant/create-tenants.ts';
import {
  checkLoops,
  checkSynced,
  createApi,
  createApiMetrics,
  createControllerMetrics,
  createElectionMetrics,
  createQueueMetrics,
  Elector,
  EventRecorder,
  type ApiOptions,
  type ClusterAccess,
  type ControllerOptions,
  type ElectorOptions,
  type Health,
} from './runtime/index.ts';

/** What the operator is made of. */
export type OperatorOptions = {
  readonly access: ClusterAccess;
  /** A way of its own for the election, so that renewals wait for nothing. */
  readonly electionAccess: ClusterAccess;
  /** Holds the lease; it must exist. */
  readonly namespace: string;
  /** In the lease and in events; need not be unique. */
  readonly name: string;
  readonly workers: number;
  readonly rate: ApiOptions['rate'];
  readonly log: Logger;
  readonly registry: Registry;
  /** How the services of cells are reached; by their names in the cluster without it. */
  readonly openCell?: OpenCell;
  /** A label selector: resources without these labels are left alone, as if they were not there. */
  readonly only?: string | undefined;
  /** What Cells and StoragePools are brought about with; without it they are left alone. */
  readonly making?: Making | undefined;
  readonly leaseTiming?: ElectorOptions['timing'];
};

/** An operator: `start` resolves when it leads and works; standbys wait in it with filled caches. */
export type Operator = {
  start(): Promise<void>;
  /** Finishes what is under way, then gives the lead back. */
  stop(): Promise<void>;
  /** Resolves when the lead was lost: the process must end. */
  readonly lost: Promise<void>;
  readonly alive: () => Health;
  readonly ready: () => Health;
};

const controllerName = 'driftbox.io/operator';

/** The only place where the operator is put together. */
export function createOperator(options: OperatorOptions): Operator {
  const { access, electionAccess, namespace, name, workers, rate, log, registry, leaseTiming: timing, making } = options;
  const userAgent = 'driftbox-operator';
  const count = createApiMetrics(registry);
  const elector = new Elector({
    api: createApi({ access: electionAccess, userAgent, count }),
    namespace,
    name: 'driftbox-operator',
    identity: `${name}_${randomUUID()}`,
    timing,
    metrics: createElectionMetrics(registry),
  });
  const api = createApi({ access, userAgent, count, rate, guard: elector.guard });
  const events = new EventRecorder({
    api,
    reporter: { controller: controllerName, instance: name },
    onLost: ({ reason }, why) => log.warn({ reason, why }, 'an event was not written'),
  });
  const measure = createQueueMetrics(registry);
  const controllerMetrics = createControllerMetrics(registry);
  const control = (kind: string): Omit<ControllerOptions, 'reconcile'> => ({
    name: kind,
    workers,
    queue: { measure: measure(kind) },
    metrics: controllerMetrics,
    onError: (key, passId, err, { result }) => log[result === 'requeue' ? 'debug' : 'warn']({ kind, key, passId, err }, 'a pass failed'),
  });
  const { follow, reflectors: followed } = followOnce({ api, registry, log, only: options.only });
  const quotas = createQuotas({ api, events }, follow, control);
  const tenants = createTenants({ api, events, namespace, openCell: options.openCell }, follow, control);
  const engine = (helm: Making['helm']) => new ReleaseEngine({ api, helm: createHelm({ ...helm, guard: elector.guard }) });
  const made = making === undefined ? [] : createMade({ api, events }, making, { engine, namespace, follow, control, registry });
  const kinds = [quotas, tenants, ...made];
  const controllers = kinds.map(({ controller }) => controller);
  const reflectors = followed();
  let isStopping = false;

  return {
    lost: elector.lost,
    alive: () => checkLoops([...reflectors, ...controllers, elector]),
    ready: () => checkSynced(reflectors),
    async start() {
      for (const reflector of reflectors) reflector.start();
      await Promise.all(reflectors.map(({ synced }) => synced)).catch((error: unknown) => {
        if (!isStopping) throw error;
      });
      if (isStopping) return;
      elector.start();
      await elector.elected;
      if (isStopping) return;
      log.info({ namespace }, 'leading');
      for (const controller of controllers) controller.start();
    },
    async stop() {
      isStopping = true;
      await Promise.all(controllers.map((controller) => controller.stop()));
      tenants.close();
      await events.flush();
      await Promise.all(reflectors.map((reflector) => reflector.stop()));
      await elector.stop();
      access.close();
      electionAccess.close();
    },
  };
}

import type { ReleaseOutcome } from '../helm/index.ts';
import type { WantedCondition } from '../runtime/index.ts';
import { nothingPlanned, plannedMessage } from '../preview-made.ts';
import { condition } from '../said-status.ts';
import type { CellObserved, Trouble } from './cell-observed.ts';
import { kafkaCluster } from './delegated-kafka.ts';
import { postgresCluster } from './delegated-postgres.ts';
import { cellNames } from './names.ts';
import { erasesData, type CellPhase } from './plan-cell.ts';
import { planRotation } from './plan-rotation.ts';
import { rotationOf } from './rotation.ts';

/** What a pass found and did in a cell's namespace, by the release. */
export type Outcomes = Partial<Readonly<Record<'backends' | 'services', ReleaseOutcome>>> & {
  /** What Helm does not make, where somebody looked. */
  readonly base?: Pick<ReleaseOutcome, 'drifted' | 'exempt'>;
};

/** What a pass came to. */
export type CellPassed = {
  readonly observed: CellObserved;
  readonly phase: CellPhase;
  readonly outcomes: Outcomes;
  /** `Kind name` of objects that were changed by hand and back, in this pass or one whose words were lost. */
  readonly corrected?: readonly string[];
  /** Why the pass could not take its steps; another follows. */
  readonly failure?: string | undefined;
};

/** Everything that is to be said of a Cell after a pass. A paused one, or one that cannot go on, keeps what was said of its parts. */
export function cellConditions(passed: CellPassed): WantedCondition[] {
  const { phase, failure } = passed;
  const failing = failure ?? (phase.kind === 'failing' ? phase.message : undefined);
  const extra = [
    ...(phase.kind === 'stalled' ? [condition('Stalled', 'True', phase.reason, phase.message)] : []),
    ...(phase.kind === 'paused' ? [condition('Paused', 'True', 'Annotated', 'the annotation driftbox.io/paused is "true"')] : []),
    ...(phase.kind === 'inUse' ? [condition('Deleting', 'True', 'InUse', phase.message)] : []),
    ...(phase.kind === 'ending'
      ? [condition('Deleting', 'True', erasesData(passed.observed) ? 'Erasing' : 'Retaining', phase.message)]
      : []),
    ...(failing === undefined ? [] : [condition('Reconciling', 'True', 'Retrying', failing)]),
    ...(failing === undefined && phase.kind === 'working' ? [condition('Reconciling', 'True', 'Progressing', phase.message)] : []),
  ];
  return [ready(passed), ...extra, ...concerns(passed)];
}

function ready({ observed, phase, outcomes, failure }: CellPassed): WantedCondition {
  if (phase.kind === 'stalled') return condition('Ready', 'False', 'Stalled', phase.message);
  if (phase.kind === 'inUse' || phase.kind === 'ending') return condition('Ready', 'False', 'Waiting', 'it is to be deleted');
  if (phase.kind === 'paused') return kept(observed, 'Ready') ?? condition('Ready', 'Unknown', 'Waiting', 'it is paused');
  if (failure !== undefined) return condition('Ready', 'False', 'Failing', failure);
  if (phase.kind === 'planned')
    return (phase.plan === nothingPlanned ? kept(observed, 'Ready') : undefined) ?? condition('Ready', 'False', 'Waiting', plannedMessage);
  if (phase.kind === 'failing') return condition('Ready', 'False', 'Failing', phase.message);
  if (phase.kind === 'template') return condition('Ready', 'True', 'Succeeded', 'a pattern for cells of dedicated tenants');
  if (phase.kind === 'working') return condition('Ready', 'False', 'Progressing', phase.message);
  if (outcomes.services?.state === 'rolledBack') return condition('Ready', 'False', 'Failing', 'the version before runs; see Released');
  if (observed.upgrade.kind === 'waits') return condition('Ready', 'False', 'Waiting', observed.upgrade.message);
  return condition('Ready', 'True', 'Succeeded', 'its services are ready');
}

/** One condition for each concern of a cell that is being brought about. */
function concerns({ observed, phase, outcomes, corrected = correctedBy(outcomes) }: CellPassed): WantedCondition[] {
  const types = ['StorageReady', 'DatabaseReady', 'MessagingReady', 'Released', 'Reachable', 'SecretsRotated', 'Drifted'];
  if (!['working', 'failing', 'done'].includes(phase.kind))
    return types.map((type) => kept(observed, type)).filter((one) => one !== undefined);
  const { pool, backends, migration, workloads, spec } = observed;
  const { backendsRelease, cellRelease } = cellNames(observed.cell.metadata.name);
  const isUp = (name: string): boolean => workloads.some((one) => one.name === name && one.isReady);
  const server = spec?.postgres.delegated === undefined ? `${backendsRelease}-postgres` : postgresCluster;
  const database = (spec?.postgres.external !== undefined || isUp(server)) && migration === 'succeeded';
  const brokers = spec?.kafka.delegated === undefined ? `${backendsRelease}-kafka` : kafkaCluster;
  const messaging =
    (spec?.kafka.external !== undefined || isUp(brokers)) && (spec?.redis.external !== undefined || isUp(`${backendsRelease}-redis`));
  const reachable = workloads.some(({ name, serves }) => name === `${cellRelease}-gateway` && serves);
  return [
    pool.isReady
      ? condition('StorageReady', 'True', 'Qualified', pool.message)
      : condition('StorageReady', 'False', 'Waiting', pool.message),
    refused('DatabaseReady', backends.database) ??
      progress('DatabaseReady', database, 'Available', 'PostgreSQL takes writes, with its schemas up to date'),
    refused('MessagingReady', backends.messaging) ?? progress('MessagingReady', messaging, 'Available', 'Kafka and Redis are ready'),
    released(observed, outcomes),
    progress('Reachable', reachable, 'Answering', 'the gateway answers'),
    ...secretsRotated(observed, phase),
    drifted(observed, corrected, outcomes),
  ];
}

function released({ upgrade }: CellObserved, { backends, services }: Outcomes): WantedCondition {
  if (upgrade.kind === 'waits') return condition('Released', 'False', upgrade.reason, upgrade.message);
  if (services?.state === 'rolledBack' || services?.action.kind === 'rollback')
    return condition('Released', 'False', 'RolledBack', 'the new version did not become healthy, and the one before runs again');
  const isInSync = backends?.state === 'inSync' && services?.state === 'inSync';
  return progress('Released', isInSync, 'InSync', 'both releases are installed as they should be');
}

/** Said from when on it is known how old they are. */
function secretsRotated(observed: CellObserved, phase: CellPhase): WantedCondition[] {
  const said = (truth: 'True' | 'False', reason: string, message: string) => [condition('SecretsRotated', truth, reason, message)];
  const { since, phase: under } = rotationOf(observed.master ?? {});
  const plan = planRotation(observed, phase.kind === 'done' || !('message' in phase) ? undefined : phase.message);
  if (plan.kind === 'waits') return said('False', under ?? 'Waiting', plan.message);
  if (plan.kind === 'advances') return said('False', under ?? 'Adding', 'everybody has them');
  return since === undefined ? [] : said('True', 'Current', `those in use are of ${since}`);
}

/** `Kind name` of what was found changed by hand, and changed back. */
export function correctedBy({ base, backends, services }: Outcomes): readonly string[] {
  return [base, backends, services].flatMap((one) => one?.drifted ?? []);
}

function drifted(observed: CellObserved, objects: readonly string[], { base, backends, services }: Outcomes): WantedCondition {
  if (objects.length > 0) return condition('Drifted', 'False', 'Corrected', `changed by hand and changed back: ${objects.join(', ')}`);
  const looked = [base, backends, services].flatMap((one) => (one?.exempt === undefined ? [] : [one.exempt]));
  const exempt = looked.flat();
  if (exempt.length > 0) return condition('Drifted', 'True', 'Exempt', `changed by hand, and paused: ${exempt.join(', ')}`);
  const before = kept(observed, 'Drifted');
  const isOver = before?.reason === 'Exempt' && looked.length > 0;
  return before === undefined || isOver ? condition('Drifted', 'False', 'None', 'nobody changed anything by hand') : before;
}

function refused(type: string, trouble: Trouble | undefined): WantedCondition | undefined {
  return trouble && condition(type, 'False', trouble.reason, trouble.message);
}

function progress(type: string, isThere: boolean, reason: string, message: string): WantedCondition {
  return isThere ? condition(type, 'True', reason, message) : condition(type, 'False', 'Progressing', 'not yet');
}

/** What was said before, of the generation that it was said of. */
function kept({ cell }: CellObserved, type: string): WantedCondition | undefined {
  const before = cell.status?.conditions?.find((one) => one.type === type);
  return before === undefined ? undefined : condition(type, before.status, before.reason, before.message);
}

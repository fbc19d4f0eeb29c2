import {
  transitions,
  writeStatus,
  type Api,
  type Condition,
  type EventRecorder,
  type ResourceKind,
  type WithStatus,
} from './runtime/index.ts';

/** What a status of ours has at least. */
type Said = { readonly conditions?: readonly Condition[] };

/** What saying something takes. */
export type SayParts = {
  readonly api: Pick<Api, 'applyStatus'>;
  readonly events: Pick<EventRecorder, 'record'>;
  readonly kind: ResourceKind;
  readonly manager: string;
};

/** Writes an object's status if it differs, and tells of each condition that says something else than before. Throws `ApiRefused`. */
export async function sayStatus<S extends Said>(
  { api, events, kind, manager }: SayParts,
  object: WithStatus<S>,
  status: S,
  signal: AbortSignal,
): Promise<void> {
  if (!(await writeStatus(api, kind, object, status, { manager, signal }))) return;
  for (const { type, status: truth, reason, message } of transitions(object.status?.conditions, status.conditions ?? [])) {
    const isTrouble =
      type === 'Stalled' || reason === 'Failing' || reason === 'Retrying' || reason === 'RolledBack' || reason === 'Corrected';
    events.record(object, { type: isTrouble ? 'Warning' : 'Normal', reason, action: 'Reconcile', note: `${type}=${truth}: ${message}` });
  }
}

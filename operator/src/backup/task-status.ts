import type { WantedCondition, WithStatus } from '../runtime/index.ts';
import { condition, saidStatus } from '../said-status.ts';
import type { TaskFacts, TaskPhase, TaskStatus } from './task-phase.ts';

/** What is to be said of an object after a pass; `failure` is why a step did not work. What is known stays known. */
export function taskStatus<Status extends TaskStatus>(
  object: WithStatus<Status>,
  phase: TaskPhase,
  facts: Partial<TaskFacts<Status>>,
  epochMs: number,
  failure?: string,
): Status {
  const wanted = said(phase, object.status?.conditions, failure);
  return { ...object.status, ...facts, ...saidStatus(object, wanted, epochMs) } as unknown as Status;
}

function said(phase: TaskPhase, before: TaskStatus['conditions'], failure: string | undefined): WantedCondition[] {
  const isGoing = phase.kind === 'removing' || phase.kind === 'retaining';
  return [
    failure !== undefined && !isGoing ? condition('Ready', 'False', 'Failing', failure) : ready(phase, before),
    ...(phase.kind === 'stalled' ? [condition('Stalled', 'True', phase.reason, phase.message)] : []),
    ...working(phase, failure),
    ...(isGoing ? [condition('Deleting', 'True', phase.kind === 'removing' ? 'Erasing' : 'Retaining', phase.message)] : []),
    ...(phase.kind === 'paused' ? [condition('Paused', 'True', 'Annotated', 'the annotation driftbox.io/paused is "true"')] : []),
  ];
}

function working(phase: TaskPhase, failure: string | undefined): WantedCondition[] {
  if (failure !== undefined) return [condition('Reconciling', 'True', 'Retrying', failure)];
  return phase.kind === 'working' ? [condition('Reconciling', 'True', 'Progressing', phase.message)] : [];
}

function ready(phase: TaskPhase, before: TaskStatus['conditions']): WantedCondition {
  switch (phase.kind) {
    case 'working':
      return condition('Ready', 'False', 'Progressing', phase.message);
    case 'waiting':
      return condition('Ready', 'False', 'Waiting', phase.message);
    case 'removing':
    case 'retaining':
      return condition('Ready', 'False', 'Waiting', 'it is to be deleted');
    case 'stalled':
      return condition('Ready', 'False', 'Stalled', phase.message);
    case 'done':
      return condition('Ready', 'True', 'Succeeded', phase.message);
    case 'paused': {
      const whole = before?.find(({ type, status }) => type === 'Ready' && status === 'True');
      return whole === undefined
        ? condition('Ready', 'False', 'Waiting', 'it is paused')
        : condition('Ready', 'True', whole.reason, whole.message);
    }
  }
}

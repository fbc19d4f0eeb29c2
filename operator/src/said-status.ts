import { requestedAt } from './annotations.ts';
import { mergeConditions, type Condition, type WantedCondition, type WithStatus } from './runtime/index.ts';

/** A longer message is cut: it is for people. */
const longestMessage = 4_096;

/** A condition that is to be said. */
export function condition(type: string, status: WantedCondition['status'], reason: string, message: string): WantedCondition {
  return { type, status, reason, message: message.slice(0, longestMessage) };
}

/** What every status says: of which generation, in conditions that keep their times, and that a pass that was asked for was made. */
export function saidStatus(
  object: WithStatus<{ readonly conditions?: readonly Condition[] }>,
  wanted: readonly WantedCondition[],
  epochMs: number,
): { readonly observedGeneration: number; readonly conditions: Condition[]; readonly requestedAt?: string } {
  const { generation = 0 } = object.metadata;
  const token = requestedAt(object);
  const conditions = wanted.map((one) => ({ ...one, observedGeneration: generation }));
  return {
    observedGeneration: generation,
    conditions: mergeConditions(object.status?.conditions, conditions, epochMs),
    ...(token === undefined ? {} : { requestedAt: token }),
  };
}

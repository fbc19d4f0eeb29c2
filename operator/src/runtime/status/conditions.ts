import assert from 'node:assert/strict';

/** One thing that can be said of an object, as `kubectl wait` reads it. */
export type Condition = {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  /** CamelCase; programs read it, so it is as fixed as a field. */
  readonly reason: string;
  /** For people. */
  readonly message: string;
  /** Of which generation of the spec this is said. */
  readonly observedGeneration?: number;
  /** When `status` last became what it is; RFC 3339, whole seconds. */
  readonly lastTransitionTime: string;
};

/** A condition as it is to be; when it came to be so is found out. */
export type WantedCondition = Omit<Condition, 'lastTransitionTime'>;

/** The API's bounds (`metav1.Condition`). */
const reasonForm = /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;
const longestReason = 1024;
const longestMessage = 32_768;

/**
 * The conditions to write: those wanted, in that order, each keeping the time of its last transition unless its status is another than
 * in `previous`. What is not wanted goes. Throws where a type comes twice or a reason has not the form the API asks for.
 */
export function mergeConditions(
  previous: readonly Condition[] | undefined,
  wanted: readonly WantedCondition[],
  epochMs: number,
): Condition[] {
  const known = new Map(previous?.map((condition) => [condition.type, condition]));
  assert(new Set(wanted.map(({ type }) => type)).size === wanted.length, 'each type of condition once');
  return wanted.map((condition) => {
    assert(reasonForm.test(condition.reason) && condition.reason.length <= longestReason, `${condition.reason} is no reason`);
    const before = known.get(condition.type);
    const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : wholeSeconds(epochMs);
    return { ...condition, message: condition.message.slice(0, longestMessage), lastTransitionTime };
  });
}

/** Conditions that say something else than before: another status or another reason. A condition that went says nothing. */
export function transitions(previous: readonly Condition[] | undefined, next: readonly Condition[]): Condition[] {
  const known = new Map(previous?.map((condition) => [condition.type, condition]));
  return next.filter(({ type, status, reason }) => {
    const before = known.get(type);
    return before?.status !== status || before.reason !== reason;
  });
}

function wholeSeconds(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

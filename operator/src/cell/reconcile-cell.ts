import { ChartRefused } from '../helm/index.ts';
import { NotLeading, type ObjectKey, type Reconcile, type Reconciled } from '../runtime/index.ts';
import { sayStatus } from '../say-status.ts';
import type { CellPassed } from './cell-conditions.ts';
import type { CellObserved } from './cell-observed.ts';
import type { CellParts } from './cell-parts.ts';
import { cellStatus } from './cell-status.ts';
import { cellManager, cellResource, type Cell } from './cell.ts';
import { executeCell } from './execute-cell.ts';
import { observeCell } from './observe-cell.ts';
import { planCell, type CellPlan } from './plan-cell.ts';

/** Nobody tells when pods of a cell become ready: one who waits looks again this soon. */
const soonMs = 2_000;
/** And one that is ready is looked at this often. */
const oftenMs = 60_000;

/** Brings a Cell about: observes, decides, takes the steps, and says how it is. */
export function reconcileCell(parts: CellParts): Reconcile {
  const lastDeepMs = new Map<ObjectKey, number>();
  return async (key, { signal }): Promise<Reconciled> => {
    const cell = parts.cells.get(key);
    if (cell === undefined) {
      lastDeepMs.delete(key);
      return { kind: 'gone' };
    }
    const observed = await observeCell(parts, cell, lastDeepMs.get(key), signal);
    const plan = planCell(observed);
    if (plan === undefined) return { kind: 'gone' };
    await pass(parts, cell, observed, plan, signal);
    if (observed.isDeep) lastDeepMs.set(key, observed.epochMs);
    const { phase, steps } = plan;
    if (steps.includes('unprotect')) return { kind: 'gone' };
    if (phase.kind === 'done') return { kind: 'again', afterMs: oftenMs };
    return phase.kind === 'working' || phase.kind === 'ending' ? { kind: 'again', afterMs: soonMs } : { kind: 'settled' };
  };
}

/** Takes the steps and says what came of them, also where one failed. Throws what the step threw. */
async function pass(parts: CellParts, cell: Cell, observed: CellObserved, plan: NonNullable<CellPlan>, signal: AbortSignal): Promise<void> {
  const say = (passed: Omit<CellPassed, 'observed'>): Promise<void> =>
    sayStatus({ ...parts, kind: cellResource, manager: cellManager }, cell, cellStatus({ observed, ...passed }), signal);
  const { phase, steps } = plan;
  try {
    const outcomes = await executeCell(parts, observed, steps, signal);
    if (!steps.includes('unprotect')) await say({ phase, outcomes });
  } catch (error) {
    if (error instanceof NotLeading || signal.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof ChartRefused)) {
      await say({ phase, outcomes: {}, failure: message });
      throw error;
    }
    await say({ phase: { kind: 'stalled', reason: 'ChartRefused', message }, outcomes: {} });
  }
}

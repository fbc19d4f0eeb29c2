import { ChartRefused } from '../helm/index.ts';
import { isPlanAsked } from '../annotations.ts';
import { keyOf, NotLeading, placeOf, type ObjectKey, type Reconcile, type Reconciled } from '../runtime/index.ts';
import { sayStatus } from '../say-status.ts';
import { correctedBy, type CellPassed } from './cell-conditions.ts';
import type { CellObserved } from './cell-observed.ts';
import type { CellParts } from './cell-parts.ts';
import { cellStatus } from './cell-status.ts';
import { cellManager, cellResource, type Cell } from './cell.ts';
import { executeCell } from './execute-cell.ts';
import { observeCell } from './observe-cell.ts';
import { previewCell } from './preview-cell.ts';
import { planCell, type CellPhase, type CellPlan } from './plan-cell.ts';
import { rotationOf } from './rotation.ts';
import { settlePhase } from './settle-phase.ts';

/** Nobody tells when pods of a cell become ready: one who waits looks again this soon. */
const soonMs = 2_000;
/** What is in the way of one that fails is looked at again this soon. */
const retryMs = 15_000;
/** And one that is ready is looked at this often. */
const oftenMs = 60_000;

/** What was corrected and could not be said, because the Cell changed meanwhile: the next pass finds nothing of it. */
type Untold = Map<ObjectKey, readonly string[]>;

/** Brings a Cell about: observes, decides, takes the steps, and says how it is. */
export function reconcileCell(parts: CellParts): Reconcile {
  const { line } = parts;
  const lastDeepMs = new Map<ObjectKey, number>();
  const untold: Untold = new Map();
  return async (key, { signal }): Promise<Reconciled> => {
    const cell = parts.cells.get(key);
    if (cell === undefined) {
      lastDeepMs.delete(key);
      untold.delete(key);
      line.giveUp(placeOf(key).name);
      parts.certificates.forget(placeOf(key).name);
      return { kind: 'gone' };
    }
    const isPlanOnly = isPlanAsked(cell) && cell.metadata.deletionTimestamp === undefined;
    const upgrade = isPlanOnly ? line.peek(cell, parts.wallMs()) : line.ask(cell, parts.wallMs());
    const observed = await observeCell(parts, cell, upgrade, lastDeepMs.get(key), signal);
    const plan = isPlanOnly ? await previewCell(parts, observed, signal) : planCell(observed);
    if (plan?.phase.kind !== 'working') line.giveUp(cell.metadata.name);
    if (plan === undefined) return { kind: 'gone' };
    const phase = await pass(parts, cell, observed, plan, untold, signal);
    if (observed.isDeep) lastDeepMs.set(key, observed.epochMs);
    if (plan.steps.includes('unprotect')) return { kind: 'gone' };
    const isRotating = plan.steps.includes('rotate') || rotationOf(observed.master ?? {}).phase !== undefined;
    if (phase.kind === 'done') return { kind: 'again', afterMs: isRotating ? soonMs : oftenMs };
    if (phase.kind === 'failing') return { kind: 'again', afterMs: retryMs };
    return phase.kind === 'working' || phase.kind === 'ending' ? { kind: 'again', afterMs: soonMs } : { kind: 'settled' };
  };
}

/** Takes the steps, says what came of them, also where one failed, and answers how far it is then. Throws what the step threw. */
async function pass(
  parts: CellParts,
  cell: Cell,
  observed: CellObserved,
  plan: NonNullable<CellPlan>,
  untold: Untold,
  signal: AbortSignal,
): Promise<CellPhase> {
  const say = (passed: Omit<CellPassed, 'observed'>): Promise<void> =>
    sayStatus({ ...parts, kind: cellResource, manager: cellManager }, cell, cellStatus({ observed, ...passed }), signal);
  const { phase, steps } = plan;
  const key = keyOf(cell.metadata);
  try {
    const outcomes = await executeCell(parts, observed, steps, signal);
    const settled = settlePhase(phase, outcomes);
    if (steps.includes('unprotect')) return settled;
    const corrected = [...new Set([...(untold.get(key) ?? []), ...correctedBy(outcomes)])];
    untold.set(key, corrected);
    await say({ phase: settled, outcomes, corrected });
    untold.delete(key);
    return settled;
  } catch (error) {
    if (error instanceof NotLeading || signal.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof ChartRefused)) {
      await say({ phase, outcomes: {}, failure: message });
      throw error;
    }
    const stalled = { kind: 'stalled', reason: 'ChartRefused', message } as const;
    await say({ phase: stalled, outcomes: {} });
    return stalled;
  }
}

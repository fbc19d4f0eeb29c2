import type { CellSpec } from '@driftbox/resources';
import { compareVersions } from '../catalogue.ts';
import { nextStartMs } from './maintenance-window.ts';

/** Of a Cell, what decides whose upgrade is next. */
export type CellInLine = {
  readonly name: string;
  readonly tenants: number;
  /** The version that runs; absent until one does. */
  readonly runs: string | undefined;
  /** The version of its spec. */
  readonly wants: string;
  /** Its upgrade has begun and is not done. */
  readonly hasBegun: boolean;
  /** What it runs, or was to run, did not come about, and somebody has to look. */
  readonly hasFailed: boolean;
  /** Nothing will be done for it until somebody changes something: it is paused, planned or stalled. */
  readonly isHeld: boolean;
  readonly maintenance: CellSpec['maintenance'];
};

/**
 * Whether a cell goes from the version that runs to that of its spec. `begins` is said, and kept in its status, before anything is touched:
 * what has begun is brought to an end, whatever time it is by then.
 */
export type Upgrade =
  | { readonly kind: 'none' | 'begins' | 'underWay' }
  | { readonly kind: 'waits'; readonly reason: 'AwaitingWindow' | 'AwaitingTurn' | 'HeldBack'; readonly message: string };

/**
 * Decides on the upgrade of a cell among all others, one after another: it waits for its window; for an upgrade that is under way, and for
 * as long as that has failed; then for cells with fewer tenants, so that a bad version meets few people first.
 */
export function planUpgrade(cell: CellInLine, others: readonly CellInLine[], epochMs: number): Upgrade {
  if (!isUpgrade(cell)) return { kind: 'none' };
  if (cell.hasBegun) return { kind: 'underWay' };
  const startMs = nextStartMs(cell.maintenance, epochMs);
  const opens = `the maintenance window, which opens ${new Date(startMs).toISOString().slice(0, 16)}Z`;
  if (startMs > epochMs) return waits(cell, 'AwaitingWindow', opens);
  const begun = others.find((other) => isUpgrade(other) && other.hasBegun);
  if (begun?.hasFailed === true) {
    const { name, wants, runs = '' } = begun;
    return waits(cell, 'HeldBack', `Cell ${name}, whose upgrade to ${wants} failed: mend it, or set its version back to ${runs}`);
  }
  if (begun !== undefined) return waits(cell, 'AwaitingTurn', `Cell ${begun.name}, whose upgrade to ${begun.wants} is under way`);
  const first = nextInLine([cell, ...others], epochMs);
  if (first !== undefined && first.name !== cell.name) return waits(cell, 'AwaitingTurn', `Cell ${first.name}, whose turn is before`);
  return { kind: 'begins' };
}

/** The cell whose upgrade may begin now before that of any other; undefined where none may. */
export function nextInLine(cells: readonly CellInLine[], epochMs: number): CellInLine | undefined {
  const may = ({ maintenance, ...cell }: CellInLine): boolean =>
    isUpgrade(cell) && !cell.hasBegun && !cell.isHeld && nextStartMs(maintenance, epochMs) === epochMs;
  return cells.filter((cell) => may(cell)).toSorted((a, b) => a.tenants - b.tenants || (a.name < b.name ? -1 : 1))[0];
}

/** The first version that a cell runs is no upgrade, nor is what is older than what runs. */
function isUpgrade({ runs, wants }: Pick<CellInLine, 'runs' | 'wants'>): boolean {
  return runs !== undefined && compareVersions(wants, runs) > 0;
}

function waits({ runs = '', wants }: CellInLine, reason: 'AwaitingWindow' | 'AwaitingTurn' | 'HeldBack', what: string): Upgrade {
  return { kind: 'waits', reason, message: `${runs} runs; the upgrade to ${wants} waits for ${what}` };
}

import { cellKind, type CellSpec } from '@driftbox/resources';
import { isPaused, isPlanAsked } from '../annotations.ts';
import { judgedSpec } from '../judged-spec.ts';
import type { Cache } from '../runtime/index.ts';
import type { Cell } from './cell.ts';
import { nextInLine, planUpgrade, type CellInLine, type Upgrade } from './plan-upgrade.ts';

/** Lets upgrades of cells begin one after another. Of one process, which leads. */
export class UpgradeLine {
  readonly #cells: Pick<Cache<Cell>, 'list'>;
  /** Names of cells whose turn it is, until the cache has heard that they have begun: two passes must not take the same turn. */
  readonly #turns = new Set<string>();

  constructor(cells: Pick<Cache<Cell>, 'list'>) {
    this.#cells = cells;
  }

  /** Decides on the upgrade of a cell, and takes no turn. */
  peek(cell: Cell, epochMs: number): Upgrade {
    const others = this.#cells.list().filter(({ metadata }) => metadata.name !== cell.metadata.name);
    return planUpgrade(
      inLine(cell),
      others.map((other) => this.#inLine(other)),
      epochMs,
    );
  }

  /** Decides on the upgrade of a cell. One that may begin keeps its turn until it is asked for again, or gives it up. */
  ask(cell: Cell, epochMs: number): Upgrade {
    const { name } = cell.metadata;
    const upgrade = this.peek(cell, epochMs);
    if (upgrade.kind === 'begins') this.#turns.add(name);
    else this.#turns.delete(name);
    return upgrade;
  }

  /** A cell that is gone, or that cannot begin though it might. */
  giveUp(name: string): void {
    this.#turns.delete(name);
  }

  /** Name of the cell that may begin now, or could once another is done. */
  next(epochMs: number): string | undefined {
    const cells = this.#cells.list().map((cell) => this.#inLine(cell));
    return nextInLine(cells, epochMs)?.name;
  }

  #inLine(cell: Cell): CellInLine {
    const known = inLine(cell);
    return { ...known, hasBegun: known.hasBegun || this.#turns.has(known.name) };
  }
}

/** What of a cell may move the line. */
export function placeInLine(cell: Cell): string {
  const { tenants: _, ...place } = inLine(cell);
  return JSON.stringify(place);
}

function inLine(cell: Cell): CellInLine {
  const { metadata, status } = cell;
  const judged = judgedSpec<CellSpec>(cellKind, cell);
  const says = (type: string, truth: string, reason?: string): boolean =>
    status?.conditions?.some((one) => one.type === type && one.status === truth && (reason === undefined || one.reason === reason)) ===
    true;
  const isStalled = says('Stalled', 'True');
  const isGoing = metadata.deletionTimestamp !== undefined;
  return {
    name: metadata.name,
    tenants: status?.tenants ?? 0,
    // One that is to go is not upgraded any more.
    runs: isGoing ? undefined : status?.version,
    wants: judged.ok ? judged.spec.version : '0.0.0',
    hasBegun: status?.upgrading !== undefined,
    hasFailed: isStalled || says('Released', 'False', 'RolledBack'),
    isHeld: isStalled || isPaused(cell) || isPlanAsked(cell),
    maintenance: judged.ok ? judged.spec.maintenance : undefined,
  };
}

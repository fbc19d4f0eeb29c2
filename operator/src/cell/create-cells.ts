import type { Registry } from 'prom-client';
import type { Follow, Following } from '../kind-parts.ts';
import { Cache, Controller, keyOf, type Change, type ControllerOptions } from '../runtime/index.ts';
import { tenantResource } from '../tenant/tenant.ts';
import type { CellParts } from './cell-parts.ts';
import { cellResource, type Cell, type TenantOfCell } from './cell.ts';
import { reconcileCell } from './reconcile-cell.ts';
import { createRotationMetrics } from './rotation-metrics.ts';
import { tracePass } from '../trace-pass.ts';
import { placeInLine, UpgradeLine } from './upgrade-line.ts';

/** What looks after Cells: it follows them and the tenants in them. `poolChanged` wakes the cells that wait for a pool. */
export function createCells(
  parts: Omit<CellParts, 'cells' | 'line' | 'tenants'> & { readonly registry: Registry },
  follow: Follow,
  control: (name: string) => Omit<ControllerOptions, 'reconcile'>,
): { readonly controller: Controller; readonly reflectors: readonly Following[]; poolChanged(pool: string): void } {
  const cells = new Cache<Cell, 'pool'>({ pool: poolsOf });
  const tenants = new Cache<TenantOfCell, 'cell'>({ cell: cellsOf });
  const line = new UpgradeLine(cells);
  createRotationMetrics(parts.registry, () => cells.list(), parts.wallMs);
  const reconcile = tracePass('Cell', reconcileCell({ ...parts, cells, line, tenants }));
  // Helm takes its time, a few times over in one pass.
  const controller = new Controller({ ...control('cell'), reconcile, passTimeoutMs: 300_000 });
  const reflectors = [
    follow<Cell, 'pool'>({
      kind: cellResource,
      cache: cells,
      onChange(change) {
        controller.add(keyOf(change.object.metadata), change.type === 'added' ? 'low' : 'normal');
        const next = movesLine(change) ? line.next(parts.wallMs()) : undefined;
        if (next !== undefined) controller.add(keyOf({ name: next }));
      },
    }),
    follow<TenantOfCell, 'cell'>({
      kind: tenantResource,
      cache: tenants,
      onChange: (change) => cellsNamed(change).forEach((name) => controller.add(keyOf({ name }))),
    }),
  ];
  return {
    controller,
    reflectors,
    poolChanged: (pool) => cells.find('pool', pool).forEach(({ metadata }) => controller.add(keyOf(metadata))),
  };
}

/** Another may be next now. Those that are found at a start are all looked at anyway. */
function movesLine(change: Change<Cell>): boolean {
  return change.type === 'deleted' || (change.type === 'changed' && placeInLine(change.previous) !== placeInLine(change.object));
}

function cellsOf({ spec, status }: TenantOfCell): string[] {
  return [...new Set([spec.isolation?.shared?.cell, status?.cell])].filter((one) => one !== undefined);
}

function cellsNamed(change: Change<TenantOfCell>): string[] {
  return [...new Set([...cellsOf(change.object), ...(change.type === 'changed' ? cellsOf(change.previous) : [])])];
}

/** As stored: nobody has judged it yet. */
function poolsOf({ spec }: Cell): string[] {
  const pools: unknown = Object(spec).pools;
  return Array.isArray(pools) ? pools.filter((one) => typeof one === 'string') : [];
}

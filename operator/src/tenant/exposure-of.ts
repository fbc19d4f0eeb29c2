import type { CellExposure } from '@driftbox/resources';
import { cellNames } from '../cell/names.ts';
import type { PlaceableCell } from './place-tenant.ts';

/** How people reach a cell; undefined where there is none of this name. */
export function exposureOf(name: string | undefined, cells: readonly PlaceableCell[]): CellExposure | undefined {
  const cell = cells.find((one) => one.name === name);
  if (cell === undefined) return undefined;
  const { namespace, cellRelease } = cellNames(cell.name);
  return { namespace, gatewayService: `${cellRelease}-gateway`, spec: cell.spec };
}

import { cellGateway, cellNamespace, type CellExposure } from '@driftbox/resources';
import type { PlaceableCell } from '@driftbox/resources';

/** How people reach a cell; undefined where there is none of this name. */
export function exposureOf(name: string | undefined, cells: readonly PlaceableCell[]): CellExposure | undefined {
  const cell = cells.find((one) => one.name === name);
  if (cell === undefined) return undefined;
  return { namespace: cellNamespace(cell.name), gatewayService: cellGateway(cell.name), spec: cell.spec };
}

/** Namespace of everything that a Cell becomes. */
export function cellNamespace(cell: string): string {
  return `driftbox-cell-${cell}`;
}

/** The Service in front of a cell's gateway, in its namespace. */
export function cellGateway(cell: string): string {
  return `${cell}-gateway`;
}

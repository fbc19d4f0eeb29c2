/**
 * The parts of `stated` that are the same in `left` and `right`? Only fields that are stated count: what the server or others have
 * filled in beside them says nothing. Lists count as a whole, as far as their length; their items by what is stated of them.
 */
export function equalWhere(stated: unknown, left: unknown, right: unknown): boolean {
  if (Array.isArray(stated)) {
    const [a, b] = [left, right].map((side) => (Array.isArray(side) ? (side as readonly unknown[]) : []));
    if (a === undefined || b === undefined || a.length !== b.length) return false;
    // Items may have been sorted or joined by others: beyond what is stated they are compared whole.
    return a.every((item, index) => equalWhere(index < stated.length ? stated[index] : item, item, b[index]));
  }
  if (typeof stated === 'object' && stated !== null) {
    return Object.entries(stated).every(([name, field]) => equalWhere(field, fieldOf(left, name), fieldOf(right, name)));
  }
  return left === right;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** A field that is one thing on the left and another on the right; the path is for people. */
export type Difference = { readonly path: string; readonly left: unknown; readonly right: unknown };

/**
 * Where `left` and `right` differ in what is `stated`. Only fields that are stated count: what the server or others have filled in
 * beside them says nothing. Lists count as a whole, as far as their length; their items by what is stated of them.
 */
export function differencesWhere(stated: unknown, left: unknown, right: unknown, path = ''): Difference[] {
  if (Array.isArray(stated)) {
    const [a = [], b = []] = [left, right].map((side) => (Array.isArray(side) ? (side as readonly unknown[]) : []));
    if (a.length !== b.length) return [{ path, left, right }];
    // Items may have been sorted or joined by others: beyond what is stated they are compared whole.
    return a.flatMap((item, index) => differencesWhere(index < stated.length ? stated[index] : item, item, b[index], `${path}[${index}]`));
  }
  if (typeof stated === 'object' && stated !== null) {
    return Object.entries(stated).flatMap(([name, field]) =>
      differencesWhere(field, fieldOf(left, name), fieldOf(right, name), path === '' ? name : `${path}.${name}`),
    );
  }
  return left === right ? [] : [{ path, left, right }];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

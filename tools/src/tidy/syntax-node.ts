/** A node of the ESTree that the parser gives; rules look at few of its fields, by name. */
export type SyntaxNode = { readonly type: string; readonly start: number; readonly end: number; readonly [field: string]: unknown };

/** Visits every node, parents first. */
export function walk(value: unknown, visit: (node: SyntaxNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
    return;
  }
  if (!isNode(value)) return;
  visit(value);
  for (const key in value) {
    const child = value[key];
    if (typeof child === 'object' && child !== null) walk(child, visit);
  }
}

/** True for a node, as opposed to a list, a literal or a missing child. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The text of a string literal, or undefined for any other node. */
export function literalString(value: unknown): string | undefined {
  return isNode(value) && value.type === 'Literal' && typeof value.value === 'string' ? value.value : undefined;
}

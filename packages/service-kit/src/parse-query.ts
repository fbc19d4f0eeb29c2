import { decodeStrictly } from './path-values.ts';

/** The query's values by name; a name given twice becomes a list, which schemas of single values refuse. */
export function parseQuery(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  if (text === '') return query;
  if (text.includes('%')) decodeStrictly(text.replaceAll('+', ' '));
  for (const [name, value] of new URLSearchParams(text)) {
    const before = query[name];
    query[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return query;
}

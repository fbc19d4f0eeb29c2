import { defaultLimits } from './limits.ts';
import { parseName } from './name.ts';
import type { BadName, Name } from './name.ts';

export type ParsedPath = { readonly ok: true; readonly names: readonly Name[] } | BadName;

/**
 * The names of a path from the root of a drive down: `/a/b`, `a/b` and `a/b/` are the same, `''` and `/` are the root
 * (no names). Each part is a name or the whole is refused: `.` and `..` and empty parts are never resolved.
 */
export function parsePath(text: string, depth: number = defaultLimits.depth): ParsedPath {
  const inner = text.replace(/^\//, '').replace(/\/$/, '');
  if (inner === '') return text.length <= 1 ? { ok: true, names: [] } : { ok: false, detail: 'a name is not empty' };
  const names: Name[] = [];
  for (const part of inner.split('/', depth + 1)) {
    if (names.length === depth) return { ok: false, detail: `a path is at most ${depth} levels deep` };
    const parsed = parseName(part);
    if (!parsed.ok) return parsed;
    names.push(parsed.name);
  }
  return { ok: true, names };
}

import type { Route } from '@driftbox/protocol';

type Values = Readonly<Record<string, unknown>>;

/** The path and query of a call: `:name` becomes one escaped segment, `*name` keeps its slashes, absent queries are left out. */
export function buildPath(route: Route, params: Values = {}, query: Values = {}): string {
  const segments = route.path.split('/').map((segment) => {
    if (!/^[:*]/.test(segment)) return segment;
    const value = params[segment.slice(1)];
    if (value === undefined) throw new TypeError(`${route.name} needs ${segment.slice(1)}`);
    const text = String(value);
    return segment.startsWith('*') ? text.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(text);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return segments.join('/') + (search.size === 0 ? '' : `?${search}`);
}

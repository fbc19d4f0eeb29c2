import { z } from 'zod';
import type { Kind } from './define-kind.ts';
import { rulesOf } from './schema/rule.ts';

/** One thing that is wrong, at a path such as `spec.hosts[0]`; both are for people. */
export type Fault = { readonly path: string; readonly message: string };

/** A resource with all defaults filled in, or everything that is wrong with it. */
export type Judgement<T> = { readonly ok: true; readonly resource: T } | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Judges a resource as the API server would, without one: shape, bounds, rules, and with `old`, the stored one, what may
 * change. The server's words for shape and bounds differ; rules say the same.
 */
export function judge<Resource extends z.ZodType>(
  kind: Pick<Kind, 'resource'> & { readonly resource: Resource },
  value: unknown,
  old?: unknown,
): Judgement<z.output<Resource>> {
  const parsed = kind.resource.safeParse(value);
  if (!parsed.success) return { ok: false, faults: parsed.error.issues.flatMap(faultsOf) };
  const before = old === undefined ? undefined : kind.resource.safeParse(old).data;
  const faults = broken(kind.resource, parsed.data, before, '');
  return faults.length === 0 ? { ok: true, resource: parsed.data } : { ok: false, faults };
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.reduce<string>((whole, part) => join(whole, part), '');
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({ path: join(path, key), message: 'there is no such field' }));
}

function join(path: string, part: PropertyKey): string {
  if (typeof part === 'number') return `${path}[${part}]`;
  return path === '' ? String(part) : `${path}.${String(part)}`;
}

/** The rules that do not hold, of the value and of everything in it. Items of lists have no state before. */
function broken(schema: z.core.$ZodType, self: unknown, old: unknown, path: string): Fault[] {
  if (self === undefined) return [];
  const own = rulesOf(schema)
    .filter((rule) => (rule.on === 'change' ? old !== undefined && !rule.holds(self, old) : !rule.holds(self)))
    .map(({ field, message }) => ({ path: field === undefined ? path : join(path, field), message }));
  return [...own, ...inside(schema, self, old, path)];
}

function inside(schema: z.core.$ZodType, self: unknown, old: unknown, path: string): Fault[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return broken(schema.unwrap(), self, old, path);
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape as Record<string, z.core.$ZodType>).flatMap(([name, field]) =>
      broken(field, Reflect.get(Object(self), name), Reflect.get(Object(old), name), join(path, name)),
    );
  }
  if (schema instanceof z.ZodArray)
    return (self as readonly unknown[]).flatMap((item, n) => broken(schema.element, item, undefined, join(path, n)));
  return [];
}

import { z } from 'zod';

/** One rule of a value that its shape cannot say, in both languages: the API server's (CEL) and ours. They must agree. */
export type Rule<T = unknown> = {
  /** The CEL expression; absent where a keyword of the schema says the same. */
  readonly cel?: string;
  /** What an administrator reads when it does not hold. */
  readonly message: string;
  /** The field of the value that is to blame, if it is one. */
  readonly field?: string;
} & (
  | { readonly on: 'every write'; readonly holds: (self: T) => boolean }
  /** Compares with the stored value; asked only where the value was there before. */
  | { readonly on: 'change'; readonly holds: (self: T, old: T) => boolean }
);

const registry = z.registry<{ readonly rules: readonly Rule[] }>();

/** The schema with rules added. They stay with it through `describe`, `optional` and defaults. */
export function ruled<Schema extends z.ZodType>(schema: Schema, ...rules: readonly Rule<z.output<Schema>>[]): Schema {
  const marked = schema.clone();
  registry.add(marked, { rules: [...rulesOf(schema), ...(rules as readonly Rule[])] });
  return marked;
}

/** The rules of this schema itself, not of what is inside it. */
export function rulesOf(schema: z.core.$ZodType): readonly Rule[] {
  return registry.get(schema)?.rules ?? [];
}

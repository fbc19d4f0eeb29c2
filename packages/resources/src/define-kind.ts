import { z } from 'zod';
import { ruled, type Rule } from './schema/rule.ts';

/** The API group and version of all kinds. */
export const apiVersion = 'driftbox.io/v1alpha1';

/** A column of `kubectl get`; `wide` ones only with `-o wide`. `path` is a JSONPath. */
export type Column = { readonly name: string; readonly path: string; readonly type?: 'string' | 'integer' | 'date'; readonly wide?: true };

/** A kind of resource: all that its definition, validation and documentation are made from. */
export type Kind<Spec extends z.ZodType = z.ZodType, Status extends z.ZodType = z.ZodType> = {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortName: string;
  readonly about: string;
  readonly spec: Spec;
  readonly status: Status;
  readonly columns: readonly Column[];
  /** The whole resource, with the rules of its name. */
  readonly resource: z.ZodType;
};

/** What a kind is defined by. */
type Definition<Spec extends z.ZodType, Status extends z.ZodType> = Omit<Kind<Spec, Status>, 'resource'> & {
  /** Names that nobody may take, for what the cell needs them for. */
  readonly reserved?: readonly string[];
  /** Leaves room in names that are made from it. */
  readonly longestName?: number;
  /** Rules of the whole resource, such as those that look at its name. */
  readonly rules?: readonly Rule<Named & { readonly spec: z.output<Spec> }>[];
};

type Named = { readonly metadata: { readonly name: string } };

/** Longest name: the names of Helm releases and namespaces are made from it. */
const maxName = 40;
const namePattern = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
function nameRule(longest: number): Rule<Named> {
  return {
    on: 'every write',
    cel: `self.metadata.name.size() <= ${longest} && self.metadata.name.matches(r'${namePattern.source}')`,
    message: `metadata.name has at most ${longest} lower-case letters, digits and hyphens, and begins with a letter`,
    holds: ({ metadata: { name } }) => name.length <= longest && namePattern.test(name),
  };
}

/** Puts a kind together. */
export function defineKind<Spec extends z.ZodType, Status extends z.ZodType>(definition: Definition<Spec, Status>): Kind<Spec, Status> {
  const { reserved = [], longestName = maxName, rules: own = [], ...rest } = definition;
  const { kind, spec, status } = rest;
  const shape = z.looseObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal(kind),
    metadata: z.looseObject({ name: z.string().min(1).max(253) }),
    spec,
    status: status.optional(),
  });
  const rules = [nameRule(longestName), ...(reserved.length === 0 ? [] : [notReserved(reserved)]), ...own];
  return { ...rest, resource: ruled(shape, ...(rules as Rule<z.output<typeof shape>>[])) };
}

function notReserved(names: readonly string[]): Rule<Named> {
  return {
    on: 'every write',
    cel: `!(self.metadata.name in [${names.map((name) => `'${name}'`).join(', ')}])`,
    message: `the names ${names.join(', ')} are DriftBox's own`,
    holds: ({ metadata: { name } }) => !names.includes(name),
  };
}

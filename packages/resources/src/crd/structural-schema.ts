import { z } from 'zod';
import { rulesOf, type Rule } from '../schema/rule.ts';

/** A node of an OpenAPI 3 schema as the API server takes it. */
export type StructuralSchema = { [key: string]: unknown };

/** Keywords that the API server does not take: it prunes unknown fields by itself, and reports them. */
const untaken = ['$schema', 'propertyNames', 'id'];

/**
 * The schema of a resource's part in the API server's terms: bounds, defaults, list types and, where the shape cannot
 * say it, rules in CEL.
 */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    target: 'openapi-3.0',
    override: ({ zodSchema, jsonSchema }) => {
      const node = jsonSchema as StructuralSchema;
      for (const keyword of untaken) delete node[keyword];
      if (node['additionalProperties'] === false) delete node['additionalProperties'];
      if (node['type'] === 'integer') node['format'] = 'int64';
      const rules = rulesOf(zodSchema).flatMap(validation);
      if (rules.length > 0) node['x-kubernetes-validations'] = rules;
    },
  }) as StructuralSchema;
}

function validation({ cel, message, field }: Rule): StructuralSchema[] {
  return cel === undefined ? [] : [{ rule: cel, message, ...(field === undefined ? {} : { fieldPath: `.${field}` }) }];
}

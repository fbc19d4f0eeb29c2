/** The part of JSON Schema that zod writes. */
export type JsonSchema = {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly default?: unknown;
};

/** Values for properties of these names, wherever they are. A function is asked for a fresh one each time. */
export type Known = Readonly<Record<string, unknown>>;

/**
 * Values that satisfy a schema: what is known under its name, anything valid otherwise; of alternatives one value each.
 * Throws for a property that only an id or secret could fill and that is not known: then the suite has to learn where
 * such a thing comes from, so that no route is tried with ids that mean nothing.
 */
export function sampleJson(schema: JsonSchema, known: Known, name = 'body'): unknown[] {
  const value = known[name];
  if (value !== undefined) return [typeof value === 'function' ? (value as () => unknown)() : value];
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives !== undefined) return alternatives.flatMap((one) => sampleJson(one, known, name));
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum !== undefined) return [schema.enum[0]];
  if (schema.type === 'object') return sampleObject(schema, known);
  if (schema.type === 'array') return schema.items === undefined ? [[]] : sampleJson(schema.items, known, name).map((item) => [item]);
  return [sampleScalar(schema, name)];
}

function sampleObject({ properties = {}, required = [] }: JsonSchema, known: Known): unknown[] {
  let samples: Record<string, unknown>[] = [{}];
  for (const [name, schema] of Object.entries(properties)) {
    if (!required.includes(name) && known[name] === undefined) continue;
    const values = sampleJson(schema, known, name);
    samples = samples.flatMap((sample) => values.map((value) => ({ ...sample, [name]: value })));
  }
  return samples;
}

function sampleScalar({ type, format, pattern, minLength = 1, minimum }: JsonSchema, name: string): unknown {
  if (type === 'boolean') return false;
  if (type === 'null') return null;
  if (type === 'integer' || type === 'number') return minimum ?? 1;
  if (format === 'date-time') return '2026-01-01T00:00:00.000Z';
  if (format === 'base64') return '';
  if (type === 'string' && pattern === undefined) return 'x'.repeat(minLength);
  throw new Error(`the suite does not know a value for ${name}: say in known.ts where one comes from`);
}

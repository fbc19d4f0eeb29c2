/** What is read of a JSON Schema here. */
type Schema = {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
};

const longest = 60;

/** The values of a schema as a Markdown table, one row for each that holds something, with its default. */
export function describeValues(schema: object, defaults: unknown): string {
  const rows = rowsOf(schema, defaults, []);
  const lines = rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
  return ['| value | default | |', '|---|---|---|', ...lines, ''].join('\n');
}

function rowsOf(schema: Schema, fallback: unknown, path: readonly string[]): string[][] {
  const { properties, description } = schema;
  if (properties !== undefined && (path.length === 0 || description === undefined)) {
    return Object.entries(properties).flatMap(([name, inner]) => rowsOf(inner, memberOf(fallback, name), [...path, name]));
  }
  return [[`\`${path.join('.')}\``, written(fallback), description ?? schema.enum?.join(', ') ?? '']];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function written(value: unknown): string {
  if (value === undefined) return '';
  if (value === '') return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longest ? 'see `values.yaml`' : `\`${text}\``;
}

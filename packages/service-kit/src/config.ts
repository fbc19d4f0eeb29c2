type Kinds = { string: string; url: string; int: number; bytes: number; duration: number; bool: boolean; enum: string };

/**
 * One setting. Sizes may be written `64MiB`, durations `1500ms`, `30s`, `15m`, `24h`, `30d`; both become numbers (bytes, ms). A `url` is
 * one of http: or https:, and stays as it is written.
 */
export type ConfigRow = {
  readonly type: keyof Kinds;
  /** Without one the setting must be given, unless it is optional. */
  readonly default?: string | number | boolean;
  readonly optional?: boolean;
  readonly description: string;
  readonly secret?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
  /** Of a `url`: one that is right, for who gave none. */
  readonly example?: string;
};

/** Settings by the name of their environment variable. */
export type ConfigTable = Readonly<Record<string, ConfigRow>>;

type ValueOf<R extends ConfigRow> = R extends { readonly type: 'enum'; readonly values: readonly (infer V)[] } ? V : Kinds[R['type']];
type Optional<R extends ConfigRow> = R extends { readonly optional: true } ? ValueOf<R> | undefined : ValueOf<R>;
type SecretNames<T extends ConfigTable> = { [K in keyof T]: T[K] extends { readonly secret: true } ? K : never }[keyof T];

/** What `loadConfig` answers: settings, and secrets apart from them so that nothing prints them by accident. */
export type Loaded<T extends ConfigTable> = {
  readonly config: { readonly [K in Exclude<keyof T, SecretNames<T>>]: Optional<T[K]> };
  readonly secrets: { readonly [K in SecretNames<T>]: Optional<T[K]> };
};

/** Everything that is wrong with a configuration, one line each; never a secret's value. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const sizeUnits: Record<string, number> = {
  '': 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};
const durationUnits: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function measured(text: string, units: Record<string, number>): number {
  const [, digits, unit] = /^([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]*)$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : units[unit];
  if (digits === undefined || factor === undefined) return Number.NaN;
  return Math.round(Number(digits) * factor);
}

function parseNumber(type: 'int' | 'bytes' | 'duration', text: string): number {
  if (type === 'bytes') return measured(text, sizeUnits);
  if (type === 'duration') return measured(text, durationUnits);
  return /^-?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
}

/** The value, or what is wrong with it in words that do not repeat it. */
function parseValue(row: ConfigRow, text: string): { value: unknown } | { wrong: string } {
  if (row.type === 'string') {
    if (row.min !== undefined && text.length < row.min) return { wrong: `needs at least ${row.min} characters` };
    return row.max !== undefined && text.length > row.max ? { wrong: `may have at most ${row.max} characters` } : { value: text };
  }
  if (row.type === 'url')
    return /^https?:/.test(text) && URL.canParse(text) ? { value: text } : { wrong: `must be an address such as ${row.example}` };
  if (row.type === 'enum')
    return row.values?.includes(text) === true ? { value: text } : { wrong: `must be one of ${row.values?.join(', ')}` };
  if (row.type === 'bool') return text === 'true' || text === 'false' ? { value: text === 'true' } : { wrong: 'must be true or false' };
  const value = parseNumber(row.type, text);
  const example = { int: 'a whole number', bytes: 'a size such as 64MiB', duration: 'a duration such as 30s' }[row.type];
  if (!Number.isSafeInteger(value)) return { wrong: `must be ${example}` };
  if (row.min !== undefined && value < row.min) return { wrong: `must be at least ${row.min}` };
  return row.max !== undefined && value > row.max ? { wrong: `must be at most ${row.max}` } : { value };
}

/** Keeps a table's literal types, so that the loaded object is typed from it. */
export function defineConfig<const T extends ConfigTable>(table: T): T {
  return table;
}

/** Reads `env` by `table`; an empty variable counts as absent. Throws one `ConfigError` naming everything that is wrong. */
export function loadConfig<T extends ConfigTable>(table: T, env: Readonly<Record<string, string | undefined>>): Loaded<T> {
  const config: Record<string, unknown> = {};
  const secrets: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, row] of Object.entries(table)) {
    const given = env[name] === undefined || env[name] === '' ? row.default : env[name];
    if (given === undefined) {
      if (row.optional !== true) problems.push(`${name} is missing: ${row.description}`);
      continue;
    }
    const outcome = parseValue(row, String(given));
    if ('wrong' in outcome) problems.push(`${name} ${outcome.wrong}`);
    else (row.secret === true ? secrets : config)[name] = outcome.value;
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { config: Object.freeze(config), secrets: Object.freeze(secrets) } as unknown as Loaded<T>;
}

/** A table's rows for the documentation. */
export function describeConfig(
  table: ConfigTable,
): { name: string; type: string; default: string; description: string; secret: boolean }[] {
  return Object.entries(table).map(([name, row]) => ({
    name,
    type: row.type === 'enum' ? (row.values ?? []).join(' | ') : row.type,
    default: row.default === undefined ? (row.optional === true ? 'none' : 'required') : String(row.default),
    description: row.description,
    secret: row.secret === true,
  }));
}

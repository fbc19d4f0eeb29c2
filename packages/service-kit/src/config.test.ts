import { expect, test } from '@jest/globals';
import { ConfigError, defineConfig, describeConfig, loadConfig } from './config.ts';
import { databaseLimits, databaseSettings } from './database-settings.ts';

const table = defineConfig({
  PORT: { type: 'int', default: 80, min: 0, max: 65_535, description: 'port' },
  BODY: { type: 'bytes', default: '1MiB', description: 'body' },
  WAIT: { type: 'duration', default: '1.5s', min: 100, description: 'wait' },
  MODE: { type: 'enum', values: ['a', 'b'], default: 'a', description: 'mode' },
  DEEP: { type: 'bool', default: false, description: 'deep' },
  NAME: { type: 'string', description: 'name' },
  NICK: { type: 'string', optional: true, description: 'nick' },
  KEY: { type: 'string', secret: true, min: 8, description: 'key' },
});

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(table, env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).problems;
  }
  return [];
}

test('defaults are read like anything else, and secrets stand apart', () => {
  const { config, secrets } = loadConfig(table, { NAME: 'n', KEY: 'long enough', WAIT: '2m', DEEP: 'true' });
  expect(config).toEqual({ PORT: 80, BODY: 2 ** 20, WAIT: 120_000, MODE: 'a', DEEP: true, NAME: 'n' });
  expect(secrets).toEqual({ KEY: 'long enough' });
  expect(Object.isFrozen(config) && Object.isFrozen(secrets)).toBe(true);
});

test('everything that is wrong is said at once, and no secret', () => {
  const problems = problemsOf({ PORT: '70000', BODY: '1 parsec', WAIT: '5', MODE: 'c', DEEP: 'yes', NAME: '', KEY: 'short' });
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['PORT', 'BODY', 'WAIT', 'MODE', 'DEEP', 'NAME', 'KEY']);
  expect(problems.join()).not.toContain('short');
});

test.each([
  ['BODY', '64KiB', 65_536],
  ['BODY', '1.5MB', 1_500_000],
  ['BODY', '12', 12],
  ['WAIT', '250ms', 250],
  ['WAIT', '30d', 2_592_000_000],
])('%s=%s', (name, text, value) =>
  expect(loadConfig(table, { NAME: 'n', KEY: 'long enough', [name]: text }).config).toHaveProperty(name, value),
);

test('rows describe themselves', () => {
  expect(describeConfig(table)).toContainEqual({ name: 'MODE', type: 'a | b', default: 'a', description: 'mode', secret: false });
  expect(describeConfig(table)).toContainEqual({ name: 'KEY', type: 'string', default: 'required', description: 'key', secret: true });
});

test('the waits for a database have a default each, and a maximum', () => {
  const { config } = loadConfig(databaseSettings, { DRIFTBOX_DATABASE_LOCK_TIMEOUT: '250ms' });
  expect(databaseLimits(config)).toEqual({
    acquireTimeoutMs: 5_000,
    connectTimeoutMs: 2_000,
    statementTimeoutMs: 10_000,
    lockTimeoutMs: 250,
    transactionTimeoutMs: 30_000,
  });
  const waits = Object.entries(databaseSettings).filter(([, { type }]) => type === 'duration');
  expect(waits).toHaveLength(5);
  for (const [name] of waits) expect(() => loadConfig(databaseSettings, { [name]: '1d' })).toThrow(name);
});

import { loadConfig } from '@driftbox/service-kit';
import { expect, test } from '@jest/globals';
import { configTable } from './config.ts';

test('it runs without a setting, on loopback', () => {
  const { config } = loadConfig(configTable, {});
  expect(config).toMatchObject({ DRIFTBOX_OPERATOR_HOST: '127.0.0.1', DRIFTBOX_OPERATOR_NAMESPACE: 'driftbox-system' });
});

test('everything that is wrong is told at once', () => {
  const wrong = { DRIFTBOX_OPERATOR_PORT: '70000', DRIFTBOX_OPERATOR_WORKERS: 'many', DRIFTBOX_LOG_LEVEL: 'loud' };
  expect(() => loadConfig(configTable, wrong)).toThrow(
    /PORT must be at most 65535\n.*WORKERS must be a whole number\n.*LOG_LEVEL must be one of/,
  );
});

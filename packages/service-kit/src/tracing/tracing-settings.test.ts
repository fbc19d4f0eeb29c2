import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../config.ts';
import { readTracing, tracingSettings } from './tracing-settings.ts';

const read = (env: Record<string, string>) => readTracing(loadConfig(tracingSettings, env));
const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };

describe('the settings of tracing', () => {
  test('are off by default, and by the switch', () => {
    expect(read({})).toBeUndefined();
    expect(read({ ...endpoint, OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
  });

  test('name the collector, what it wants to see, and the share', () => {
    const env = { ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b, x=1', OTEL_TRACES_SAMPLER_ARG: '0.5' };
    expect(read(env)).toEqual({
      url: 'http://collector:4318/v1/traces',
      headers: { 'api-key': 'a b', x: '1' },
      ratio: 0.5,
      gatherMs: 5_000,
    });
  });

  test.each([
    [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'from 0 to 1'],
    [{ OTEL_TRACES_SAMPLER_ARG: 'many' }, 'from 0 to 1'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'http://collector:4318'],
    [{ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: 'a secret word' }, 'name=value'],
    [{ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: 'key=%zz' }, 'name=value'],
    [{ ...endpoint, OTEL_RESOURCE_ATTRIBUTES: 'no pair' }, 'OTEL_RESOURCE_ATTRIBUTES must be written as name=value'],
  ])('%j is refused, without repeating it', (env, message) => {
    expect(() => read(env)).toThrow(message);
    expect(() => read(env)).not.toThrow('secret');
  });
});

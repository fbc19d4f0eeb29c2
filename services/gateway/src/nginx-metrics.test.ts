import { loadConfig } from '@driftbox/service-kit';
import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { verifyConfig } from './config.ts';
import { createNginxMetrics } from './nginx-metrics.ts';

const page = (requests: number): string =>
  `Active connections: 3 \nserver accepts handled requests\n 10 10 ${requests} \nReading: 0 Writing: 1 Waiting: 2 \n`;
const figuresOf = async (registry: Registry): Promise<string[]> => (await registry.metrics()).match(/^driftbox_gateway_.*$/gm) ?? [];

test('what NGINX says of itself is told, and only that it is away while it says nothing, or something else', async () => {
  const registry = new Registry();
  let answer: () => Promise<string> = async () => page(30);
  createNginxMetrics(registry, () => answer());
  const [waiting, requests] = ['driftbox_gateway_connections{state="waiting"} 2', 'driftbox_gateway_requests_total 30'];
  expect(await figuresOf(registry)).toEqual(expect.arrayContaining(['driftbox_gateway_nginx_up 1', waiting, requests]));
  for (const failing of [() => Promise.reject(new Error('away')), async () => '<html>502</html>']) {
    answer = failing;
    const figures = await figuresOf(registry);
    // A counter that falls to nothing would be taken for one that grew from nothing again.
    expect(figures).toEqual(['driftbox_gateway_nginx_up 0', requests]);
  }
  answer = async () => page(4);
  expect(await figuresOf(registry)).toEqual(expect.arrayContaining(['driftbox_gateway_nginx_up 1', 'driftbox_gateway_requests_total 4']));
});

test('a status page that is no address is refused where verify is started', () => {
  const env = {
    DRIFTBOX_AUTH_URL: 'http://auth:9090',
    DRIFTBOX_METADATA_URL: 'http://metadata:9090',
    DRIFTBOX_SERVICE_KEY: 'k'.repeat(40),
  };
  expect(loadConfig(verifyConfig, env).config.DRIFTBOX_VERIFY_NGINX_STATUS).toBeUndefined();
  expect(() => loadConfig(verifyConfig, { ...env, DRIFTBOX_VERIFY_NGINX_STATUS: '127.0.0.1:8090' })).toThrow(
    'such as http://127.0.0.1:8090/stub_status',
  );
});

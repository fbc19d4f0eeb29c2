import { createClient, httpTransport, noRetry } from '@driftbox/api-client';
import { createLogger } from '@driftbox/service-kit';
import { freePort, waitFor } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createProbeMetrics } from './metrics.ts';
import { startProbe } from './probe.ts';

test('a front door that is away fails the first step of every round, and the steps behind it are not tried', async () => {
  const registry = new Registry();
  const transport = httpTransport(`http://127.0.0.1:${await freePort()}`);
  const lines: string[] = [];
  const probe = startProbe({
    round: { email: 'probe@example.com', password: 'a secret word', clientOf: () => createClient({ transport, retry: noRetry }) },
    metrics: createProbeMetrics(registry),
    log: createLogger({ service: 'probe', destination: { write: (line: string) => void lines.push(line) } }),
    everyMs: 10,
    patienceMs: 1_000,
  });
  await waitFor(async () => /driftbox_probe_rounds_total\{outcome="failed"\} [2-9]/.test(await registry.metrics()));
  await probe.stop();
  transport.close();
  const text = await registry.metrics();
  expect(text.match(/^driftbox_probe_step_ok.*$/gm)).toEqual(['driftbox_probe_step_ok{step="sign_in"} 0']);
  expect(text).not.toContain('outcome="ok"');
  expect(lines.join('')).toContain('"code":"unavailable"');
  expect(lines.join('')).not.toContain('secret word');
});

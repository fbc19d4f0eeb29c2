import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, httpTransport, noRetry } from '@driftbox/api-client';
import { Problem, problemDetails } from '@driftbox/protocol';
import { createLogger, loadConfig } from '@driftbox/service-kit';
import { freePort, waitFor } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { configTable } from './config.ts';
import { createProbeMetrics } from './metrics.ts';
import { startProbe } from './probe.ts';

/** What it counts and says in a round or two at an address. */
async function roundsAt(address: string): Promise<{ readonly text: string; readonly lines: string }> {
  const registry = new Registry();
  const transport = httpTransport(address);
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
  return { text: await registry.metrics(), lines: lines.join('') };
}

test('a front door that is away fails the first step of every round, and the steps behind it are not tried', async () => {
  const { text, lines } = await roundsAt(`http://127.0.0.1:${await freePort()}`);
  expect(text.match(/^driftbox_probe_step_ok.*$/gm)).toEqual(['driftbox_probe_step_ok{step="sign_in"} 0']);
  expect(text).not.toContain('outcome="ok"');
  expect(lines).toMatch(/"code":"unavailable","reason":"The server cannot be reached.*: connect ECONNREFUSED/);
  expect(lines).not.toContain('secret word');
});

test('a password that is wrong is told by code and reason', async () => {
  const door = http.createServer((request, response) => {
    request.resume();
    const problem = problemDetails(new Problem('unauthenticated', 'The address or the password is wrong'));
    response.writeHead(problem.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
  });
  await once(door.listen(0, '127.0.0.1'), 'listening');
  const { lines } = await roundsAt(`http://127.0.0.1:${(door.address() as AddressInfo).port}`);
  door.close();
  expect(JSON.parse(lines.split('\n')[0] ?? '')).toMatchObject({
    level: 'warn',
    step: 'sign_in',
    code: 'unauthenticated',
    reason: 'The address or the password is wrong',
  });
  expect(lines).not.toContain('secret word');
});

test.each(['driftbox.example.com', 'ftp://driftbox.example.com'])('%s is no address to ask at', (url) => {
  const env = { DRIFTBOX_PROBE_URL: url, DRIFTBOX_PROBE_EMAIL: 'probe@example.com', DRIFTBOX_PROBE_PASSWORD: 'a secret word' };
  expect(() => loadConfig(configTable, env)).toThrow('DRIFTBOX_PROBE_URL must be an address such as https://driftbox.example.com');
});

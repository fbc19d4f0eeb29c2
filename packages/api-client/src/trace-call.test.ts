import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { routes } from '@driftbox/protocol';
import { installTracer, tracedRoot, type SpanStart } from '@driftbox/tracing';
import { createClient, noRetry, type Transport } from './index.ts';

type Seen = SpanStart & { readonly said: unknown[] };

const about = { name: 'request', kind: 'server', attributes: {} } as const;
let seen: Seen[];

beforeEach(() => {
  seen = [];
  installTracer({
    start(span) {
      const said: unknown[] = [];
      const number = seen.push({ ...span, said });
      return {
        traceId: 'a'.repeat(32),
        traceparent: `step-${number}`,
        set: (attributes) => void said.push(attributes),
        rename: () => {},
        fail: (type) => void said.push(`failed ${type}`),
        end: () => void said.push('ended'),
      };
    },
  });
});
afterEach(() => installTracer(undefined));

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const answering =
  (...statuses: readonly number[]): Transport =>
  async () => ({ status: statuses.at(seen.length - 2) ?? 200, headers: {}, body: bytes('{"items":[]}') });
const call = (transport: Transport, retry = noRetry) => createClient({ transport, retry }).call(routes.listDrives);
const withinARequest = (transport: Transport, retry = noRetry) =>
  tracedRoot(about, undefined, () => call(transport, retry).catch((error: { code: string }) => error.code));

test('a call is a step of the request that makes it, and the other side goes on from that step', async () => {
  const sent: unknown[] = [];
  await withinARequest(async (request) => {
    sent.push(request.headers['traceparent']);
    return answering(200)(request);
  });
  expect(sent).toEqual(['step-2']);
  expect(seen[1]).toEqual({
    name: 'GET /v1/drives',
    kind: 'client',
    parent: 'step-1',
    attributes: { 'http.request.method': 'GET', 'url.template': '/v1/drives', 'peer.service': 'metadata' },
    said: [{ 'http.response.status_code': 200 }, 'ended'],
  });
});

test.each([404, 507])('an answer that is a failure is an error of who asked, each time it is asked, and %d is none', async (refusal) => {
  await withinARequest(answering(503, 502, refusal), { ...noRetry, attempts: 3, firstPauseMs: 0 });
  expect(seen.slice(1).map(({ said }) => said)).toEqual([
    [{ 'http.response.status_code': 503 }, 'failed 503', 'ended'],
    [{ 'http.response.status_code': 502 }, 'failed 502', 'ended'],
    [{ 'http.response.status_code': refusal }, 'ended'],
  ]);
});

test('no answer at all is an error, too', async () => {
  expect(await withinARequest(() => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNRESET' })))).toBe('unavailable');
  expect(seen[1]?.said).toEqual(['failed Error', 'ended']);
});

test('what is asked on behalf of nothing is no step', async () => {
  await call(answering(200));
  expect(seen).toEqual([]);
});

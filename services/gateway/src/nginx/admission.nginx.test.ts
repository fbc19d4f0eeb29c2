import { randomUUID } from 'node:crypto';
import { parseSessionId, parseUserId } from '@driftbox/domain';
import { waitFor } from '@driftbox/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { acme, other } from '../testing/cell.ts';
import { startGateway, type TestGateway } from '../testing/gateway.ts';
import { send, type Answer } from '../testing/send.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway?.close());

const ask = (authorization?: string, path = '/v1/drives'): Promise<Answer> =>
  send(gateway.plain, path, authorization === undefined ? {} : { headers: { authorization } });
const basic = `Basic ${Buffer.from('ada@example.com:app-secret').toString('base64')}`;

/** Header, status and body of a refusal say the same, in the words of the catalogue. */
function expectProblem(answer: Answer, status: number, code: string): void {
  expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json']);
  expect(answer.json).toMatchObject({ status, code, requestId: answer.headers['x-request-id'] });
  expect(answer.json.type).toBe(`https://driftbox.dev/docs/errors#${code}`);
  expect(answer.headers['cache-control']).toBe('no-store');
}

test('a good token passes on as it is, a bad one ends here', async () => {
  const token = await gateway.cell.bearer();
  expect((await ask(token)).json.headers.authorization).toBe(token);
  for (const bad of [undefined, 'Bearer x', await gateway.cell.bearer({ tid: other }), await gateway.cell.bearer({}, -1000)])
    expectProblem(await ask(bad), 401, 'unauthenticated');
  expect(gateway.echoes.metadata.seen).toHaveLength(1);
});

test('what needs no sign-in is not checked, and its service sees no token', async () => {
  const { status, json } = await ask('Bearer nonsense', '/v1/capabilities');
  expect([status, json.headers.authorization]).toEqual([200, undefined]);
});

test('an app password becomes a token before a service sees it', async () => {
  gateway.cell.appPasswords.set('app-secret', parseUserId(randomUUID())!);
  const { json } = await ask(basic);
  expect(json.headers.authorization).toMatch(/^Bearer ey/);
  expect(JSON.stringify(json)).not.toContain(basic.slice(6));
});

test('an ended session is refused within 5 s', async () => {
  const sid = parseSessionId(randomUUID())!;
  const token = await gateway.cell.bearer({ sid });
  expect((await ask(token)).status).toBe(200);
  gateway.cell.revoke({ session: sid });
  await waitFor(async () => (await ask(token)).status === 401, { deadlineMs: 5_000 });
});

describe('with auth stopped', () => {
  test('people who are signed in go on, and others are refused as before', async () => {
    const token = await gateway.cell.bearer();
    await ask(token);
    gateway.cell.away.auth = true;
    await gateway.echoes.auth.close();
    expect((await ask(await gateway.cell.bearer())).status).toBe(200);
    expectProblem(await ask('Bearer x'), 401, 'unauthenticated');
    expectProblem(await ask(basic), 503, 'unavailable');
    // Auth's own routes are away, and say so.
    const answer = await ask(token, '/v1/me');
    expectProblem(answer, 503, 'unavailable');
    expect(answer.headers['retry-after']).toBe('1');
  });
});

test('with verify stopped nobody passes, and all hear when to come again', async () => {
  const token = await gateway.cell.bearer();
  await gateway.cell.verify.stop();
  const answer = await ask(token);
  expectProblem(answer, 503, 'unavailable');
  expect(answer.headers['retry-after']).toBe('1');
  expect((await ask(undefined, '/v1/capabilities')).status).toBe(200);
  expect(gateway.echoes.metadata.seen).toEqual([]);
});

test('who calls too often is told how long to wait', async () => {
  gateway.cell.limits.set(acme, {
    suspended: false,
    tenantRequests: { perSecond: 100, burst: 100 },
    userRequests: { perSecond: 1, burst: 3 },
  });
  const token = await gateway.cell.bearer();
  const answers: Answer[] = [];
  while (answers.at(-1)?.status !== 429 && answers.length < 50) answers.push(await ask(token));
  const last = answers.at(-1)!;
  expectProblem(last, 429, 'rate_limited');
  expect(last.headers['retry-after']).toBe('1');
  expect((await ask(await gateway.cell.bearer())).status).toBe(200);
});

test('a client cannot speak in the name of verify or of the gateway', async () => {
  const sub = parseUserId(randomUUID())!;
  const headers = {
    authorization: await gateway.cell.bearer({ sub }),
    'driftbox-tenant': other,
    'driftbox-user': randomUUID(),
    'driftbox-authorization': 'Bearer forged',
    'x-request-id': 'chosen-by-the-client',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    tracestate: 'theirs=1',
    'x-forwarded-for': '203.0.113.9',
    connection: 'close, authorization, x-forwarded-for',
  };
  const { json } = await send(gateway.plain, '/v1/drives', { headers });
  expect(json.headers.authorization).toBe(headers.authorization);
  expect(json.headers['x-forwarded-for']).toBe('127.0.0.1');
  expect(json.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  const { 'x-request-id': requestId = '', traceparent, tracestate } = json.headers;
  expect([traceparent, tracestate]).toEqual([`00-${requestId}-${requestId.slice(0, 16)}-00`, undefined]);
  const line = await waitFor(async () => (await gateway.accessLines()).at(-1));
  expect(line).toMatchObject({ tenantId: acme, userId: sub });
});

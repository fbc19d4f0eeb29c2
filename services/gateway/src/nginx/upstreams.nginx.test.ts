import { hintsPath } from '@driftbox/protocol';
import { waitFor } from '@driftbox/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../testing/echo-server.ts';
import { startGateway, type TestGateway } from '../testing/gateway.ts';
import { send, type Answer } from '../testing/send.ts';

let gateway: TestGateway;
let replicas: EchoServer[];
let authorization: string;
beforeEach(async () => {
  replicas = [await startEchoServer('one'), await startEchoServer('two')];
  const metadata = replicas.map(({ address }) => ({ address }));
  gateway = await startGateway({ input: { upstreams: { metadata, sync: metadata }, timeouts: { answerSeconds: 1 } } });
  authorization = await gateway.cell.bearer();
});
afterEach(async () => {
  await gateway?.close();
  await Promise.all(replicas.map((replica) => replica.close()));
});

const ask = (method: string, path = '/v1/drives'): Promise<Answer> =>
  send(gateway.plain, path, { method, headers: { authorization }, ...(method === 'GET' ? {} : { body: '{}' }) });
const seen = (): number[] => replicas.map((replica) => replica.seen.length);

test('requests are shared by the replicas', async () => {
  for (let count = 0; count < 10; count += 1) expect((await ask('GET')).status).toBe(200);
  expect(seen()).toEqual([5, 5]);
});

test('a replica that is gone is left out: no request fails, and few of them meet it', async () => {
  await replicas[0]!.close();
  const statuses: number[] = [];
  for (let count = 0; count < 30; count += 1) statuses.push((await ask(count % 2 === 0 ? 'GET' : 'POST')).status);
  expect(new Set(statuses)).toEqual(new Set([200]));
  const met = (await gateway.accessLines()).slice(-30).filter(({ upstream }) => String(upstream).includes(','));
  expect(met.length).toBeLessThanOrEqual(4);
});

test('a socket that a replica does not take any more, since it is about to stop, is opened at another', async () => {
  replicas[0]!.handler = (_request, response) => void response.writeHead(503).end();
  const answers: (readonly [number, unknown])[] = [];
  for (let count = 0; count < 6; count += 1) {
    const { status, json } = await send(gateway.plain, hintsPath);
    answers.push([status, json.server]);
  }
  expect(answers).toEqual(answers.map(() => [200, 'two']));
});

test('one that comes back is used again', async () => {
  const [gone] = replicas;
  const port = Number(gone!.address.split(':')[1]);
  await gone!.close();
  for (let count = 0; count < 10; count += 1) await ask('GET');
  replicas[0] = await startEchoServer('one', port);
  await waitFor(async () => (await ask('GET')).json?.server === 'one', { deadlineMs: 15_000, what: 'the replica to be used again' });
});

test('one that was left out is asked all the same when the other goes, as in a rolling restart', async () => {
  const [first, second] = replicas;
  const port = Number(first!.address.split(':')[1]);
  await first!.close();
  // Enough that it is left out for the next seconds.
  for (let count = 0; count < 10; count += 1) await ask('GET');
  replicas[0] = await startEchoServer('one', port);
  await second!.close();
  const statuses: number[] = [];
  for (let count = 0; count < 20; count += 1) statuses.push((await ask(count % 2 === 0 ? 'GET' : 'POST')).status);
  expect(statuses).toEqual(statuses.map(() => 200));
});

describe('a request that a replica took and did not answer', () => {
  const dropAll = (): void => {
    for (const replica of replicas) replica.handler = (request) => void request.socket.destroy();
  };

  test('is sent to the others, three times in all, where it was only a question', async () => {
    dropAll();
    const answer = await ask('GET');
    expect([answer.status, answer.json.code]).toEqual([503, 'unavailable']);
    expect(seen().toSorted()).toEqual([1, 2]);
  });

  test.each(['POST', 'PATCH'])('by %s is never sent again: it may have been carried out', async (method) => {
    dropAll();
    const answer = await ask(method, method === 'POST' ? '/v1/drives' : '/v1/drives/x');
    expect([answer.status, answer.json.code]).toEqual([503, 'unavailable']);
    expect(seen().reduce((sum, count) => sum + count)).toBe(1);
  });
});

test('without any replica the answer is a problem that may be tried again', async () => {
  for (const replica of replicas) await replica.close();
  for (const method of ['GET', 'POST']) {
    const answer = await ask(method);
    expect([answer.status, answer.json.code, answer.json.retryable, answer.headers['retry-after']]).toEqual([
      503,
      'unavailable',
      true,
      '1',
    ]);
  }
});

import { mock } from 'node:test';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { quietQueues, requestQueue } from './quiet-queues.ts';

type Queue = { pending: unknown[]; checkPendingRequests(): void; canSendSocketRequestImmediately(): boolean; sendSocketRequest(): void };
const Queue = requestQueue as unknown as new (options: object) => Queue;

let checks = 0;
let sent = 0;
class Watched extends Queue {
  override checkPendingRequests(): void {
    checks += 1;
    if (checks > 100) throw new Error('it is looked at again and again');
    super.checkPendingRequests();
  }
  override canSendSocketRequestImmediately(): boolean {
    return checks > 2;
  }
  override sendSocketRequest(): void {
    sent += 1;
  }
}

beforeEach(() => {
  quietQueues();
  [checks, sent] = [0, 0];
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
});
afterEach(() => mock.timers.reset());

/** A timer that is set while others run is due by the next step only. */
const wait = (): void => Array.from({ length: 50 }).forEach(() => mock.timers.tick(20));
const open = (): Queue => new Watched({ logger: { debug: () => {} } });

test('an empty queue is looked at once and left alone', () => {
  open().checkPendingRequests();
  wait();
  expect(checks).toBe(1);
});

test('what waits is looked at until it is sent', () => {
  const queue = open();
  queue.pending.push({});
  queue.checkPendingRequests();
  expect(sent).toBe(0);
  wait();
  expect([sent, queue.pending]).toEqual([1, []]);
  const looked = checks;
  wait();
  expect(checks).toBe(looked);
});

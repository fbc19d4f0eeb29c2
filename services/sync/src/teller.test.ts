import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { parseDriveId, parseTenantId, parseUserId } from '@driftbox/domain';
import type { Head, ToldHead } from '@driftbox/protocol';
import { newId, waitFor } from '@driftbox/testkit';
import { installTracer, tracedRoot, type SpanStart } from '@driftbox/tracing';
import { HeadMap } from './head-map.ts';
import { Members } from './members.ts';
import { Teller } from './teller.ts';

const tenant = newId(parseTenantId);
const user = newId(parseUserId);
const home: Head = { drive: newId(parseDriveId), driveEpoch: randomUUID(), seq: 0 };
const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function scene(options: { restFactor?: number; maxRestMs?: number } = {}, onOffer: (head: ToldHead) => void = () => {}) {
  const heads = new HeadMap();
  const members = new Members({ heads, listDrives: async () => [home] });
  const teller = new Teller({ heads, members, ...options });
  const told: number[] = [];
  const listener = {
    offer: (head: ToldHead) => {
      told.push(head.seq);
      onOffer(head);
    },
    drivesChanged: () => {},
    token: () => 't',
  };
  const member = await members.load(tenant, user, 't');
  members.join(member, listener);
  closers.push(
    () => members.close(),
    () => teller.close(),
  );
  return { teller, members, member, listener, told, tell: (seq: number) => teller.tell(tenant, { ...home, seq }) };
}

test('what comes in one turn is told once, at its newest; what is no news is not told', async () => {
  const { tell, told } = await scene();
  expect([tell(1), tell(3), tell(2), tell(3)]).toEqual([true, true, false, false]);
  expect(told).toEqual([]);
  await waitFor(() => told.length > 0);
  expect(told).toEqual([3]);
});

test('drives that nobody may hear of are not told', async () => {
  const { teller, told, tell } = await scene();
  expect(teller.tell(tenant, { ...home, drive: newId(parseDriveId), seq: 9 })).toBe(false);
  expect(teller.tell(newId(parseTenantId), { ...home, seq: 9 })).toBe(false);
  tell(1);
  await waitFor(() => told.length > 0);
  expect(told).toEqual([1]);
});

test('after a long round others have many turns before the next one, and nothing is missed', async () => {
  const { tell, told } = await scene({ restFactor: 4, maxRestMs: 60 }, () => {
    const untilMs = performance.now() + 10;
    while (performance.now() < untilMs) continue;
  });
  tell(1);
  await waitFor(() => told.length === 1);
  tell(2);
  tell(3);
  let turns = 0;
  while (told.length === 1) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
    turns += 1;
  }
  expect(told).toEqual([1, 3]);
  expect(turns).toBeGreaterThan(10);
});

test('a closed teller tells nothing more, and who left is not told', async () => {
  const { teller, members, member, listener, told, tell } = await scene();
  members.leave(member, listener);
  tell(1);
  members.join(member, listener);
  members.leave(member, listener);
  const after = new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  await after;
  members.join(member, listener);
  tell(2);
  teller.close();
  await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(told).toEqual([]);
});

test('telling is one step of what made it true, and a socket is told of the step only where its trace is kept', async () => {
  const spans: SpanStart[] = [];
  const traceId = 'a'.repeat(32);
  const nothing = (): void => {};
  let flags = '01';
  installTracer({
    start: (span) => {
      const traceparent = `00-${traceId}-${String(spans.push(span)).padStart(16, '0')}-${flags}`;
      return { traceId, traceparent, set: nothing, rename: nothing, fail: nothing, end: nothing };
    },
  });
  try {
    const along: (string | undefined)[] = [];
    const { teller, tell } = await scene({}, ({ traceparent }) => void along.push(traceparent));
    const commit = { name: 'commit', kind: 'internal', attributes: {} } as const;
    await tracedRoot(commit, undefined, async () => tell(1));
    await waitFor(() => along.length === 1);
    flags = '00';
    await tracedRoot(commit, undefined, async () => tell(2));
    await waitFor(() => along.length === 2);
    tell(3);
    await waitFor(() => along.length === 3);
    teller.close();
    expect(along).toEqual([`00-${traceId}-${'2'.padStart(16, '0')}-01`, undefined, undefined]);
    expect(spans.map(({ name, parent }) => [name, parent])).toEqual([
      ['commit', undefined],
      ['send hint', `00-${traceId}-${'1'.padStart(16, '0')}-01`],
      ['commit', undefined],
      ['send hint', `00-${traceId}-${'3'.padStart(16, '0')}-00`],
    ]);
  } finally {
    installTracer(undefined);
  }
});

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { serveApi, type ServedApi } from '../../testing/serve-api.ts';
import { expectOk } from '../api/answer.ts';
import type { Api } from '../api/api.ts';
import { buildEvent, eventKind, type Event, type Happening } from './event.ts';
import { EventRecorder } from './event-recorder.ts';

const quota = { apiVersion: 'driftbox.io/v1alpha1', kind: 'Quota', metadata: { name: 'small', uid: 'u1', resourceVersion: '3' } };
const inUse: Happening = { type: 'Warning', reason: 'InUse', action: 'Delete', note: 'two tenants name it' };
const reporter = { controller: 'driftbox.io/operator', instance: 'operator-1' };

let served: ServedApi;
let server: ServedApi['server'];
let api: Api;
let lost: unknown[];
let nowMs: number;
let recorder: EventRecorder;

beforeEach(async () => {
  served = await serveApi();
  ({ api, server } = served);
  lost = [];
  nowMs = Date.UTC(2026, 0, 1);
  recorder = new EventRecorder({ api, reporter, wallMs: () => nowMs, onLost: (_happening, why) => lost.push(why) });
});
afterEach(() => served.close());

async function written(): Promise<readonly Event[]> {
  await recorder.flush();
  return expectOk(await api.list<Event>(eventKind, { namespace: 'default' }), 'listing').items;
}

test('an event about what belongs to the whole cluster is in `default`, and says whom it is about', () => {
  const event = buildEvent(quota, inUse, reporter, 'id', Date.UTC(2026, 0, 1));
  expect(event).toMatchObject({
    metadata: { name: 'small.id', namespace: 'default' },
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'driftbox.io/operator',
    reason: 'InUse',
    regarding: { kind: 'Quota', name: 'small', uid: 'u1' },
  });
});

test('names and notes keep to the bounds of the API', () => {
  const long = { ...quota, metadata: { ...quota.metadata, name: 'n'.repeat(253) } };
  const event = buildEvent(long, { ...inUse, note: 'x'.repeat(5_000) }, reporter, crypto.randomUUID(), 0);
  expect(event.metadata.name).toHaveLength(253);
  expect(event.note).toHaveLength(1_024);
  const { note } = buildEvent(long, { ...inUse, note: '–'.repeat(5_000) }, reporter, 'id', 0);
  expect([Buffer.byteLength(note), note.includes('\ufffd')]).toEqual([1_023, false]);
});

test('the same again within minutes is one event that counts, later it is another', async () => {
  for (let time = 0; time < 3; time += 1) {
    recorder.record(quota, inUse);
    nowMs += 60_000;
  }
  recorder.record(quota, { ...inUse, reason: 'Free' });
  expect((await written()).map(({ reason, series }) => [reason, series?.count])).toEqual(
    expect.arrayContaining([
      ['InUse', 3],
      ['Free', undefined],
    ]),
  );
  nowMs += 3_600_000;
  recorder.record(quota, inUse);
  expect(await written()).toHaveLength(3);
});

test('a series whose event has expired is begun anew', async () => {
  recorder.record(quota, inUse);
  const [event] = await written();
  await api.delete(eventKind, { namespace: 'default', name: event?.metadata.name ?? '' });
  recorder.record(quota, inUse);
  expect((await written()).map(({ series }) => series)).toEqual([undefined]);
});

test('an event that cannot be written is told of, and stops nothing', async () => {
  server.setFaults(() => ({ kind: 'status', code: 500 }));
  recorder.record(quota, inUse);
  await recorder.flush();
  expect(lost).toEqual([expect.objectContaining({ kind: 'failed' })]);
  server.setFaults(undefined);
  recorder.record(quota, inUse);
  expect(await written()).toHaveLength(1);
});

test('a flood is cut off', async () => {
  for (let number = 0; number < 150; number += 1) recorder.record(quota, inUse);
  expect(lost).toHaveLength(50);
});

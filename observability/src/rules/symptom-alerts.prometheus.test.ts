import { expect, test } from '@jest/globals';
import { seededRandom } from '@driftbox/testkit';
import { counterValues, gaugeValues } from '../testing/counter-values.ts';
import { firing, playStory, type Series } from '../testing/promtool.ts';
import { alerts } from './rule-groups.ts';
import { symptomAlerts } from './symptom-alerts.ts';

/** A fault that begins after 20 minutes and is gone 20 minutes later. */
type Fault = { readonly alert: string; readonly series: readonly Series[]; readonly within: number; readonly resolved: number };

const counter = (series: string, before: number, during: number, after = before): Series => ({
  series,
  values: counterValues([
    { minutes: 20, perSecond: before },
    { minutes: 20, perSecond: during },
    { minutes: 80, perSecond: after },
  ]),
});
const gauge = (series: string, before: number, during: number): Series => ({
  series,
  values: gaugeValues([
    { minutes: 20, value: before },
    { minutes: 20, value: during },
    { minutes: 80, value: before },
  ]),
});
const up = (part: string, instance: string): string => `up{namespace="cell",part="${part}",instance="${instance}"}`;
const calls = (operation: string, outcome: string): string =>
  `driftbox_pack_store_duration_seconds_count{namespace="cell",pool="s3",operation="${operation}",outcome="${outcome}"}`;

/** How many schedules are in a state before the fault, and while it lasts: of nine, one comes to fail, and two are late. */
function schedulesOf(state: string): [number, number] {
  return state === 'good' ? [9, 6] : [0, state === 'late' ? 2 : 1];
}

const faults: Fault[] = [
  {
    alert: 'DriftBoxBytesLost',
    series: [counter(calls('read', 'ok'), 5, 5), { series: calls('read', 'corrupt'), values: '0+0x19 1+0x99' }],
    within: 1,
    resolved: 60,
  },
  {
    alert: 'DriftBoxBytesLost',
    series: [{ series: 'http_server_problems_total{namespace="cell",service="upload",code="content_damaged"}', values: '0+0x19 1+0x99' }],
    within: 1,
    resolved: 60,
  },
  {
    alert: 'DriftBoxProbeFailing',
    series: [gauge('driftbox_probe_step_ok{namespace="cell",step="write"}', 1, 0)],
    within: 6,
    resolved: 1,
  },
  {
    alert: 'DriftBoxPartDown',
    series: [gauge(up('auth', 'a'), 1, 0), gauge(up('auth', 'b'), 1, 0)],
    within: 3,
    resolved: 1,
  },
  {
    alert: 'DriftBoxPartDown',
    // Its pods wait for a node.
    series: [gauge(up('metadata', 'a'), 1, 1), { series: up('auth', 'b'), values: '1+0x19 stale _x18 1+0x79' }],
    within: 3,
    resolved: 1,
  },
  {
    alert: 'DriftBoxPartDown',
    series: [gauge(up('gateway', 'a'), 1, 1), gauge('driftbox_gateway_nginx_up{namespace="cell",part="gateway",instance="a"}', 1, 0)],
    within: 3,
    resolved: 1,
  },
  {
    alert: 'DriftBoxPoolFailing',
    series: [counter(calls('write', 'ok'), 10, 5), counter(calls('write', 'unavailable'), 0, 5), counter(calls('stat', 'not_found'), 9, 9)],
    within: 8,
    resolved: 6,
  },
  {
    alert: 'DriftBoxChangesUnheard',
    series: [gauge('driftbox_outbox_age_seconds{namespace="cell",service="metadata"}', 0.2, 90)],
    within: 6,
    resolved: 1,
  },
  {
    alert: 'DriftBoxChangesUnheard',
    series: [
      counter('driftbox_metadata_operations_total{namespace="cell",outcome="committed"}', 3, 3),
      counter('driftbox_sync_event_delay_seconds_count{namespace="cell"}', 3, 0),
    ],
    within: 11,
    resolved: 2,
  },
  {
    alert: 'DriftBoxBackupsFailing',
    // One process works, the other stands by and has not heard yet.
    series: ['late', 'failing', 'good'].flatMap((state) => [
      gauge(`driftbox_backup_schedules{namespace="op",state="${state}",instance="a"}`, ...schedulesOf(state)),
      gauge(`driftbox_backup_schedules{namespace="op",state="${state}",instance="b"}`, schedulesOf(state)[0], schedulesOf(state)[0]),
    ]),
    within: 16,
    resolved: 1,
  },
  {
    alert: 'DriftBoxOverloaded',
    series: [gauge('nodejs_eventloop_lag_p99_seconds{namespace="cell",part="upload",instance="a"}', 0.02, 0.9)],
    within: 11,
    resolved: 1,
  },
  {
    alert: 'DriftBoxSignInsRefused',
    series: [
      counter('driftbox_auth_sign_ins_total{namespace="cell",outcome="signed-in"}', 1, 0.2),
      counter('driftbox_auth_sign_ins_total{namespace="cell",outcome="refused"}', 0.1, 20),
    ],
    within: 14,
    resolved: 6,
  },
];

test.each(faults)('$alert fires within $within minutes of its fault, and resolves', async ({ alert, series, within, resolved }) => {
  const count = firing(alert);
  await playStory({
    journeys: [],
    series,
    expect: [
      { expr: count, minute: 19, value: undefined },
      { expr: count, minute: 20 + within, value: 1 },
      { expr: count, minute: 40 + resolved, value: undefined },
      // What one fault does is told once.
      { expr: 'count(count by (alertname) (count_over_time(ALERTS{alertstate="firing"}[2h])))', minute: 119, value: 1 },
    ],
  });
});

test('thirty days of ordinary noise raise none of them', async () => {
  const random = seededRandom(31);
  const days = Array.from({ length: 30 }, (_, day) => day);
  /** All day as usual, but for some minutes of each from `at` on; `usual` is asked anew for each hour. */
  const daily = (at: number, minutes: number, odd: number, usual: () => number): { minutes: number; value: number }[] =>
    days.flatMap(() => [...hours(at, usual), { minutes, value: odd }, ...hours(24 * 60 - at - minutes, usual)]);
  const hours = (minutes: number, usual: () => number) =>
    Array.from({ length: Math.ceil(minutes / 60) }, (_, hour) => ({ minutes: Math.min(60, minutes - hour * 60), value: usual() }));
  const between = (low: number, high: number) => (): number => low + (high - low) * random.next();
  const gaugeOf = (series: string, values: { minutes: number; value: number }[]): Series => ({ series, values: gaugeValues(values) });
  const counterOf = (series: string, values: { minutes: number; value: number }[]): Series => ({
    series,
    values: counterValues(values.map(({ minutes, value }) => ({ minutes, perSecond: value }))),
  });
  const series = [
    // All of it where rules are evaluated. Replicas restart one after the other, a part with one replica is away for a minute.
    gaugeOf(
      up('auth', 'a'),
      daily(600, 2, 0, () => 1),
    ),
    gaugeOf(
      up('auth', 'b'),
      daily(605, 2, 0, () => 1),
    ),
    gaugeOf(
      up('share', 'c'),
      daily(600, 1, 0, () => 1),
    ),
    gaugeOf(
      'driftbox_probe_step_ok{namespace="cell",step="sync"}',
      daily(600, 3, 0, () => 1),
    ),
    gaugeOf('driftbox_outbox_age_seconds{namespace="cell",service="metadata"}', daily(600, 4, 90, between(0.1, 5))),
    gaugeOf('nodejs_eventloop_lag_p99_seconds{namespace="cell",part="upload",instance="a"}', daily(600, 9, 0.8, between(0.01, 0.1))),
    gaugeOf(
      'driftbox_backup_schedules{namespace="op",state="late"}',
      daily(120, 12, 1, () => 0),
    ),
    counterOf(calls('write', 'ok'), daily(596, 5, 5, between(10, 20))),
    counterOf(calls('write', 'unavailable'), daily(596, 5, 0.2, between(0, 0.05))),
    counterOf(calls('stat', 'not_found'), daily(596, 5, 9, between(5, 9))),
    counterOf('driftbox_metadata_operations_total{namespace="cell",outcome="committed"}', daily(120, 60, 0, between(0.02, 3))),
    counterOf('driftbox_sync_event_delay_seconds_count{namespace="cell"}', daily(121, 60, 0, between(0.02, 3))),
    // A device with an old password goes on trying, at night more often than people sign in.
    counterOf('driftbox_auth_sign_ins_total{namespace="cell",outcome="signed-in"}', daily(120, 240, 0.01, between(0.2, 1))),
    counterOf('driftbox_auth_sign_ins_total{namespace="cell",outcome="refused"}', daily(120, 240, 0.5, between(0, 0.2))),
  ];
  const end = days.length * 24 * 60 - 1;
  await playStory({
    journeys: [],
    series,
    everyMinutes: 30,
    expect: [
      { expr: 'count(count_over_time(ALERTS{alertstate="firing"}[30d]))', minute: end, value: undefined },
      // Noise that no alert even thinks of would be none.
      { expr: 'count(count by (alertname) (count_over_time(ALERTS{alertstate="pending"}[30d])))', minute: end, value: 5 },
    ],
  });
}, 120_000);

test('each of these alerts has its fault here', () => {
  expect([...new Set(faults.map(({ alert }) => alert))].sort()).toEqual(symptomAlerts.map(({ name }) => name).sort());
  expect(alerts.length).toBeLessThan(15);
});

test('one process of two that is away is not a part that is down', async () => {
  const series = [gauge(up('auth', 'a'), 1, 0), gauge(up('auth', 'b'), 1, 1)];
  await playStory({ journeys: [], series, expect: [{ expr: firing('DriftBoxPartDown'), minute: 39, value: undefined }] });
});

test.each([
  ['a cell that is taken away', ['auth', 'metadata']],
  ['a probe that is switched off', ['probe']],
])('%s is nobody’s fault', async (_what, gone) => {
  const series = [
    gauge(up('share', 'c').replace('cell', 'other'), 1, 1),
    ...gone.map((part) => ({ series: up(part, 'a'), values: '1+0x19 stale' })),
  ];
  if (gone.includes('probe')) series.push(gauge(up('auth', 'b'), 1, 1));
  await playStory({ journeys: [], series, expect: [{ expr: firing('DriftBoxPartDown'), minute: 39, value: undefined }] });
});

test('schedules of backups that are held, or whose backups are good, are nobody’s fault', async () => {
  const series = ['held', 'good'].map((state) => gauge(`driftbox_backup_schedules{namespace="op",state="${state}"}`, 3, 9));
  await playStory({ journeys: [], series, expect: [{ expr: firing('DriftBoxBackupsFailing'), minute: 39, value: undefined }] });
});

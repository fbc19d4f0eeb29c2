import { describe, test } from '@jest/globals';
import { seededRandom } from '@driftbox/testkit';
import { journeys } from '../objectives.ts';
import { firing, playStory, type Expectation } from '../testing/promtool.ts';
import { freshnessSeries, journeySeries, type Traffic } from '../testing/simulated-traffic.ts';

const hour = 60;
const day = 24 * hour;
const perSecond = 10;

/** Fires not yet, then within its time, and no longer some time after the fault is gone. */
type Burn = {
  everyMinutes: number;
  alert: string;
  quiet: string;
  before: number;
  share: number;
  during: number;
  within: number;
  resolved: number;
};

const failing: Burn[] = [
  { everyMinutes: 1, alert: 'Fast', quiet: 'Creeping', before: hour, share: 0.5, during: 20, within: 4, resolved: 7 },
  { everyMinutes: 10, alert: 'Steady', quiet: 'Fast', before: 7 * hour, share: 0.01, during: 5 * hour, within: 4 * hour, resolved: 30 },
  {
    everyMinutes: 60,
    alert: 'Creeping',
    quiet: 'Steady',
    before: 3 * day,
    share: 0.003,
    during: 2 * day,
    within: 26 * hour,
    resolved: 8 * hour,
  },
];

function trafficOf({ before, share, during, resolved }: Burn, bad: 'failing' | 'slow'): Traffic[] {
  return [
    { minutes: before, perSecond },
    { minutes: during, perSecond, [bad]: share },
    { minutes: resolved + 10, perSecond },
  ];
}

function expectationsOf(kind: string, { everyMinutes, alert, quiet, before, during, within, resolved }: Burn): Expectation[] {
  const own = firing(`DriftBoxJourney${kind}${alert}`);
  const end = before + during;
  const last = end - everyMinutes;
  return [
    { expr: own, minute: before, value: undefined },
    { expr: own, minute: before + within, value: 1 },
    { expr: firing(`DriftBoxJourney${kind}${quiet}`), minute: before + within, value: undefined },
    { expr: own, minute: last, value: 1 },
    { expr: own, minute: end + resolved, value: undefined },
  ];
}

describe('a journey that fails', () => {
  test.each(failing)('burning $share of its requests raises $alert within $within minutes, and no $quiet', async (burn) => {
    const series = journeySeries('upload', trafficOf(burn, 'failing'));
    await playStory({ journeys: ['upload'], series, expect: expectationsOf('Failing', burn), everyMinutes: burn.everyMinutes });
  });

  test('says which journey, and is told of each by itself', async () => {
    const bad: Traffic[] = [{ minutes: 10, perSecond, failing: 1 }];
    const series = journeys.filter(({ name }) => name !== 'share').flatMap(({ name }) => journeySeries(name, bad));
    const one = (name: string): Expectation => ({
      expr: `count(ALERTS{alertname="DriftBoxJourneyFailingFast",journey="${name}",severity="critical",alertstate="firing"})`,
      minute: 9,
      value: name === 'share' ? undefined : 1,
    });
    await playStory({ journeys: journeys.map(({ name }) => name), series, expect: journeys.map(({ name }) => one(name)) });
  });

  test('a few failures in a week with little traffic wake nobody', async () => {
    const quiet = 0.002;
    const traffic: Traffic[] = [
      { minutes: 3 * day, perSecond: quiet },
      { minutes: hour, perSecond: quiet, failing: 1 },
      { minutes: day, perSecond: quiet },
    ];
    const never: Expectation = { expr: 'count(count_over_time(ALERTS[5d]))', minute: 4 * day, value: undefined };
    await playStory({ journeys: ['sign_in'], series: journeySeries('sign_in', traffic), expect: [never], everyMinutes: 60 });
  });
});

// A tenth is what 99 % of speed allow where 99.9 % of availability allow a hundredth of it.
const slow: Burn[] = failing.map((burn) =>
  burn.alert === 'Fast' ? { ...burn, share: 1, within: 12 } : { ...burn, share: burn.share * 10 },
);

describe('a journey that is slow', () => {
  test.each(slow)('$share of its requests too slow raise $alert within $within minutes, and no $quiet', async (burn) => {
    const series = journeySeries('sync', trafficOf(burn, 'slow'));
    await playStory({ journeys: ['sync'], series, expect: expectationsOf('Late', burn), everyMinutes: burn.everyMinutes });
  });

  test('changes that come late are as any other journey', async () => {
    const series = freshnessSeries([
      { minutes: hour, perSecond },
      { minutes: 20, perSecond, slow: 1 },
    ]);
    const expr = 'count(ALERTS{alertname="DriftBoxJourneyLateFast",journey="freshness",alertstate="firing"})';
    await playStory({
      journeys: ['freshness'],
      series,
      expect: [
        { expr, minute: hour, value: undefined },
        { expr, minute: hour + 15, value: 1 },
      ],
    });
  });
});

test('thirty days of ordinary noise make no alert even think of it', async () => {
  const random = seededRandom(30);
  const days = 30;
  const noisy = (name: string): ReturnType<typeof journeySeries> => {
    const traffic: Traffic[] = [];
    for (let at = 0; at < days * 24; at += 1) {
      // Busy by day; a twentieth of that by night. Errors and slow answers come and go around half of what is allowed.
      const busy = 20 * (0.05 + 0.95 * Math.max(0, Math.sin(((at % 24) / 24) * Math.PI * 2)));
      const shares = { failing: 0.0008 * random.next(), slow: 0.008 * random.next() };
      // Once a day something restarts, and one request of fifty fails for a minute, just before rules are evaluated.
      const restarts = at % 24 === 10;
      traffic.push({ minutes: restarts ? 59 : 60, perSecond: busy, ...shares });
      if (restarts) traffic.push({ minutes: 1, perSecond: busy, failing: 0.02, slow: 0.05 });
    }
    return journeySeries(name, traffic);
  };
  // The rules of all journeys are made alike: one of them has all that could fire.
  await playStory({
    journeys: ['upload'],
    series: noisy('upload'),
    everyMinutes: 60,
    expect: [
      { expr: 'count(count_over_time(ALERTS[30d]))', minute: days * day - 60, value: undefined },
      // What is quiet because nothing was read would be no proof.
      { expr: 'count(driftbox:journey_failures:ratio_rate3d)', minute: days * day - 60, value: 1 },
    ],
  });
}, 120_000);

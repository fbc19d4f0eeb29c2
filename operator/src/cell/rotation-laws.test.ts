import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { clusterActs, observedOf, passOver, passwordIn, settledCell, type RotatingCell } from '../testing/rotating-cell.ts';
import { cellConditions } from './cell-conditions.ts';
import { databaseRoles } from './names.ts';
import { planCell } from './plan-cell.ts';
import { rotatedKeys, rotationOf } from './rotation.ts';

const acts = Object.keys(clusterActs) as (keyof typeof clusterActs)[];
type Happening = number | 'pass' | 'ask' | keyof typeof clusterActs;
/** Passes, some cut off after so many writes, what the cluster does meanwhile, and somebody who asks once more: so many that some end. */
const happening = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom<Happening>('pass', 'pass', 'roll', 'roll', 'leave', 'migrationBegins', 'migrationEnds', 'follow'),
  },
  { weight: 1, arbitrary: fc.oneof(fc.nat({ max: 12 }), fc.constantFrom<Happening>(...acts, 'ask')) },
);
const happenings = fc.array(happening, { minLength: 100, maxLength: 200 });

/** Of the chart, or of CloudNativePG, which follows the Secret when it gets to it. */
const postgres = fc.constantFrom({ bundled: {} }, { delegated: {} });

let made = 0;
const newSecret = (): string => `secret-${(made += 1)}`;

/** The states that something leads through. */
function happen(at: RotatingCell, what: Happening): RotatingCell[] {
  if (what === 'pass') return passOver(at, newSecret);
  if (typeof what === 'number') return passOver(at, newSecret, what);
  if (what === 'ask') return [{ ...at, token: `${Number(at.token ?? 0) + 1}` }];
  return [clusterActs[what](at)];
}

/** Who of all that runs is refused by whom. */
function refused({ pods, jobs, migrations, master, database, redis }: RotatingCell): string[] {
  const keyOf = (values: Readonly<Record<string, string>>) => values['driftbox-cell/service-key'];
  const taken = ({ values }: RotatingCell['pods'][number]) => [keyOf(values), values['driftbox-cell/other-service-key']];
  const callers = [
    ...pods.map(({ values }, n) => ({ name: `pod ${n}`, key: keyOf(values) })),
    ...jobs.map(({ key }, n) => ({ name: `job ${n}`, key })),
    { name: 'the operator', key: master['service-key'] },
  ];
  const logins = [
    ...pods.flatMap(({ values }, n) =>
      databaseRoles.map((role) => ({
        name: `${role} of pod ${n}`,
        role,
        url: `databases/${role}`,
        other: `databases/other-${role}`,
        values,
      })),
    ),
    ...migrations.map(({ name, values = { 'driftbox-postgres/other-password': database['postgres'] ?? '' } }) => ({
      name,
      role: 'postgres',
      url: 'postgres/admin-url',
      other: 'postgres/other-password',
      values,
    })),
  ];
  const isLetIn = ({ role, url, other, values }: (typeof logins)[number]): boolean =>
    [passwordIn(values[`driftbox-${url}`]), values[`driftbox-${other}`]].includes(database[role]);
  return [
    ...callers.flatMap(({ name, key }) => pods.flatMap((pod, n) => (taken(pod).includes(key) ? [] : [`${name} by pod ${n}`]))),
    ...pods.flatMap(({ values }, n) => (redis.includes(passwordIn(values['driftbox-redis/url'])) ? [] : [`pod ${n} by Redis`])),
    ...(['redis-password', 'other-redis-password'].some((key) => redis.includes(master[key] ?? '')) ? [] : ['the operator by Redis']),
    ...logins.flatMap((one) => (isLetIn(one) ? [] : [`${one.name} by PostgreSQL`])),
  ];
}

/** Passes and whatever the cluster has to do, until nothing changes any more. */
function leftInPeace(from: RotatingCell): RotatingCell {
  let at = from.isRedisAway ? clusterActs.redisGoes(from) : from;
  for (let round = 0; round < 60; round += 1) {
    at = happen(at, 'pass').at(-1) ?? at;
    for (const act of ['jobEnds', 'migrationBegins', 'migrationEnds', 'roll', 'roll', 'leave'] as const) at = clusterActs[act](at);
  }
  return at;
}

test('whatever happens meanwhile, nobody who runs is refused by anybody', () => {
  fc.assert(
    fc.property(happenings, postgres, (all, of) => {
      let at = settledCell(of);
      for (const what of ['ask', ...all] as const)
        for (const next of happen(at, what)) {
          expect(refused(next)).toEqual([]);
          at = next;
        }
    }),
    { numRuns: 60 },
  );
});

test('once it is left in peace it is done: everybody has what is new, and nothing else is taken', () => {
  fc.assert(
    fc.property(happenings, postgres, (all, of) => {
      const before = settledCell(of);
      const at = leftInPeace(all.reduce<RotatingCell>((now, what) => happen(now, what).at(-1) ?? now, { ...before, token: '0' }));
      expect(rotationOf(at.master)).toEqual({ since: expect.any(String), token: at.token });
      for (const key of rotatedKeys) expect(at.master[key]).not.toBe(before.master[key]);
      for (const role of databaseRoles) expect(at.database[role]).toBe(at.master[`database-${role}`]);
      expect(at.redis).toEqual([at.master['redis-password']]);
      expect(at.database['postgres']).toBe(at.master['postgres-password']);
      const values = at.pods.flatMap((pod) => Object.entries(pod.values));
      expect(values.filter(([key]) => key.includes('/other-'))).toEqual([]);
      const old = rotatedKeys.map((key) => before.master[key] ?? '');
      expect(values.filter(([, value]) => old.some((one) => value.includes(one)))).toEqual([]);
    }),
    { numRuns: 10 },
  );
});

test('nothing else is changed by it, nobody is told more often than once, and without being asked nothing is rotated', () => {
  const before = settledCell();
  expect(passOver(before, newSecret)).toEqual([expect.objectContaining({ master: before.master })]);
  const after = leftInPeace({ ...before, token: 'now' });
  const others = (master: RotatingCell['master']) =>
    Object.fromEntries(Object.entries(master).filter(([key]) => key !== 'rotation' && !rotatedKeys.includes(key)));
  expect(others(after.master)).toEqual(others(before.master));
  expect(leftInPeace(after).master).toEqual(after.master);
});

test('of a version that knows one password its key alone is rotated', () => {
  const before = { ...settledCell(), version: '0.1.0' };
  const { master } = leftInPeace({ ...before, token: 'now' });
  const changed = Object.keys(master).filter((key) => master[key] !== before.master[key]);
  expect(changed.toSorted()).toEqual(['rotation', 'service-key']);
});

test('what it waits for is said', () => {
  const said = (at: RotatingCell) => {
    const observed = observedOf(at);
    const conditions = cellConditions({ observed, phase: planCell(observed)?.phase ?? { kind: 'paused' }, outcomes: {} });
    const { status, reason, message } = conditions.find(({ type }) => type === 'SecretsRotated') ?? {};
    return `${status}/${reason}: ${message}`;
  };
  const pass = (at: RotatingCell): RotatingCell => happen(at, 'pass').at(-1) ?? at;
  const migrated = (at: RotatingCell): RotatingCell => clusterActs.migrationEnds(clusterActs.migrationBegins(at));
  const asked = { ...settledCell(), token: 'now' };
  expect(said(asked)).toBe('False/Adding: everybody has them');
  const adding = pass(pass(asked));
  expect(said(adding)).toBe('False/Adding: waiting for eu-auth');
  const rolled = (at: RotatingCell): RotatingCell => Array.from({ length: 6 }).reduce<RotatingCell>(clusterActs.roll, at);
  const leaving = rolled(adding);
  expect(said(leaving)).toBe('False/Adding: these have other secrets still: eu-auth-0, eu-auth-1, eu-auth-2');
  const gone = (at: RotatingCell): RotatingCell => Array.from({ length: 3 }).reduce<RotatingCell>(clusterActs.leave, at);
  expect(said(gone(leaving))).toBe('False/Adding: these began with those before, and have not ended: migrate-old');
  expect(said({ ...gone(leaving), isRedisAway: true })).toBe('False/Adding: Redis cannot be asked which passwords it takes: it is away');
  const begun = clusterActs.jobBegins(migrated(gone(leaving)));
  const switched = gone(rolled(pass(migrated(pass(pass(begun))))));
  expect(said(switched)).toBe('False/Switching: these began with those before, and have not ended: backup-0');
  expect(planCell(observedOf(switched))?.phase).toEqual({ kind: 'done' });
  const withdrawn = gone(rolled(pass(pass(clusterActs.jobEnds(switched)))));
  expect(said(pass(withdrawn))).toMatch(/^True\/Current: those in use are of 2026-01-01T00:00:00/);
});

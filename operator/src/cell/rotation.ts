import { compareVersions } from '../catalogue.ts';
import type { Master } from './master-secret.ts';
import { databaseRoles, masterKeys, otherKey } from './names.ts';

/**
 * How far a rotation is. `Adding`: everybody is given the next values beside those in use. `Switching`: the next are in use, and those
 * before are still taken. `Withdrawing`: those before are gone from the masters, and are being forgotten.
 */
export type RotationPhase = 'Adding' | 'Switching' | 'Withdrawing';

/** What the master Secret of a cell says of the age of what is in it; it changes together with the values, or not at all. */
export type Rotation = {
  /** Absent where nothing is being rotated. */
  readonly phase?: RotationPhase | undefined;
  /** When the phase began, or the last rotation ended, or all was made; RFC 3339. */
  readonly since?: string;
  /** By which value of the annotation it was asked for. */
  readonly token?: string | undefined;
};

/** Keys of a master Secret whose values are rotated, all of them together, where the version that runs knows two of each. */
export const rotatedKeys: readonly string[] = [
  masterKeys.serviceKey,
  'postgres-password',
  'redis-password',
  ...databaseRoles.map((role) => `database-${role}`),
];

/** Whether pods and migrations of a version know two passwords, and so does its Redis. */
export function knowsTwoPasswords(version: string): boolean {
  return compareVersions(version, '0.2.0') >= 0;
}

/** How old a cell's secrets are, and how far their rotation is. Throws where somebody has spoilt what says so. */
export function rotationOf(master: Master): Rotation {
  const text = master[masterKeys.rotation];
  if (text === undefined) return {};
  try {
    return JSON.parse(text) as Rotation;
  } catch (cause) {
    throw new Error(`${masterKeys.rotation} of the cell's master Secret is not as it was written`, { cause });
  }
}

/** As it is kept in the master Secret. */
export function rotationText({ phase, since, token }: Rotation): string {
  return JSON.stringify({ phase, since, token });
}

/** What a rotation is taken on with. */
type Step = {
  readonly now: string;
  readonly token: string | undefined;
  /** What runs. */
  readonly version: string;
  readonly newSecret: () => string;
};

/** The master Secret one phase further: a rotation begins, goes on, or is done. */
export function rotate(master: Master, { now, token, version, newSecret }: Step): Master {
  const { phase, token: askedBy } = rotationOf(master);
  const at = (next: RotationPhase | undefined, values: Master): Master => ({
    ...values,
    [masterKeys.rotation]: rotationText({ phase: next, since: now, token: phase === undefined ? (token ?? askedBy) : askedBy }),
  });
  const keys = knowsTwoPasswords(version) ? rotatedKeys : [masterKeys.serviceKey];
  if (phase === undefined) return at('Adding', { ...master, ...Object.fromEntries(keys.map((key) => [otherKey(key), newSecret()])) });
  if (phase === 'Adding') return at('Switching', { ...master, ...swapped(master) });
  if (phase === 'Withdrawing') return at(undefined, master);
  return at('Withdrawing', Object.fromEntries(Object.entries(master).filter(([key]) => !isOther(key))));
}

/** True for what is there only while something is rotated. */
export function isOther(key: string): boolean {
  return rotatedKeys.some((one) => otherKey(one) === key);
}

/** What was added becomes what is used, and the other way round. Only what was added: not every version takes two of everything. */
function swapped(master: Master): Master {
  const added = rotatedKeys.filter((key) => master[otherKey(key)] !== undefined);
  return Object.fromEntries(
    added.flatMap((key) => [
      [key, master[otherKey(key)] ?? ''],
      [otherKey(key), master[key] ?? ''],
    ]),
  );
}

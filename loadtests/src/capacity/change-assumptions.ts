import { Unusable } from '../open-target.ts';
import type { Assumptions } from './assumptions.ts';

type Bound = { readonly least: number; readonly most: number; readonly whole?: boolean };

const count: Bound = { least: 1, most: 1e12, whole: true };
const amount: Bound = { least: 0, most: 1e15 };
const share: Bound = { least: 0, most: 1 };

/** What an assumption can be at all; daily operations are amounts. */
const bounds: Readonly<Record<Exclude<keyof Assumptions, 'perUserAndDay'>, Bound>> = {
  users: count,
  usersPerCell: count,
  devicesPerUser: amount,
  onlineShare: share,
  busiestHourShare: share,
  peakOverHour: { least: 1, most: 24 },
  busyShare: { least: 0.01, most: 1 },
  replicasAtLeast: count,
  filesPerUser: amount,
  bytesPerUser: amount,
  storedShare: share,
  poolOverhead: { least: 1, most: 100 },
  databaseBytesPerFile: amount,
  databaseCopies: count,
  eventBytesPerCommit: amount,
  eventDays: amount,
  eventCopies: count,
  bytesPerSocket: amount,
};

const daily = 'perUserAndDay.';

/** Every assumption by its name, those of a day as `perUserAndDay.upload`. */
export function namedAssumptions({ perUserAndDay, ...rest }: Assumptions): Readonly<Record<string, number>> {
  return { ...rest, ...Object.fromEntries(Object.entries(perUserAndDay).map(([name, value]) => [`${daily}${name}`, value])) };
}

/** The assumptions with some replaced, each as `name=value`. Throws `Unusable`, which names everything that is wrong. */
export function changeAssumptions(given: Assumptions, changes: readonly string[]): Assumptions {
  const names = Object.keys(namedAssumptions(given));
  const wrong = changes.flatMap((change) => complaintOf(change, names));
  if (wrong.length > 0) throw new Unusable(`no capacity can be computed:\n${wrong.map((line) => `  ${line}`).join('\n')}`);
  const perUserAndDay: Record<string, number> = { ...given.perUserAndDay };
  const rest: Record<string, number> = {};
  for (const [name, value] of changes.map(partsOf)) {
    if (name.startsWith(daily)) perUserAndDay[name.slice(daily.length)] = Number(value);
    else rest[name] = Number(value);
  }
  return { ...given, ...rest, perUserAndDay };
}

function partsOf(change: string): readonly [name: string, value: string] {
  const at = change.indexOf('=');
  return at < 0 ? [change, ''] : [change.slice(0, at), change.slice(at + 1)];
}

function complaintOf(change: string, names: readonly string[]): string[] {
  const [name, value] = partsOf(change);
  if (!names.includes(name)) return [`${name} is no assumption; there are ${names.join(', ')}`];
  const { least, most, whole = false } = bounds[name as keyof typeof bounds] ?? amount;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number) || (whole && !Number.isInteger(number)))
    return [`${name} is ${whole ? 'a whole number' : 'a number'}, as in ${name}=3`];
  return number < least || number > most ? [`${name} is from ${least} to ${most.toLocaleString('en')}`] : [];
}

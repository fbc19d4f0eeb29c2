import { randomBytes } from 'node:crypto';
import { appendFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from '@driftbox/testkit';
import type { Company, Person } from './people.ts';
import { patience } from './place.ts';
import { device } from './share-and-move.ts';
import { arrival } from './trees.ts';

/** What Cleo writes while she is away from the network and may no longer write. */
export const offline = { 'plan.txt': 'the plan, and what only Cleo has', 'offline.txt': 'new, by Cleo' } as const;
/** What Ada writes while Bob's slowest device still fetches. */
export const filmed: Record<string, string> = Object.fromEntries(
  Array.from({ length: 48 }, (_, index) => [`film-${index}.bin`, randomBytes(384 * 1024).toString('base64')]),
);

/** A drive becomes read-only for somebody who changes it offline: what they changed leaves for their home drive, on all their devices. */
export async function becomeReader({ ada, cleo }: Company): Promise<void> {
  await Promise.all(cleo.devices.map((one) => one.stop()));
  const { folder } = device(cleo, 0);
  await appendFile(path.join(folder, 'Trip', 'plan.txt'), offline['plan.txt'].slice('the plan'.length));
  await writeFile(path.join(folder, 'Trip', 'offline.txt'), offline['offline.txt']);
  await ada.cli.must('members', 'role', '/Journeys', cleo.email, '--role', 'viewer');
  for (const one of cleo.devices) one.start();
  await arrival(device(cleo, 0), 'Trip/plan.txt', 'the plan');
  await waitFor(() => leftBy(cleo), { ...patience, longestPauseMs: 250, what: "Cleo's folder of what she may not write" });
  for (const [name, text] of Object.entries(offline)) await arrival(device(cleo, 1), `${await leftBy(cleo)}/${name}`, text);
}

/** The folder that has what somebody changed where they may only read, on their first device. */
export async function leftBy(person: Person): Promise<string | undefined> {
  return (await readdir(device(person, 0).folder)).find((name) => name.startsWith('Trip (conflicted copy of '));
}

/** Somebody is removed while a device of theirs is in the midst of fetching. Answers what was wrong. */
export async function removeInMidSync({ ada, bob }: Company): Promise<string[]> {
  const slow = device(bob, 2);
  await slow.stop();
  for (const [name, text] of Object.entries(filmed)) await writeFile(path.join(device(ada, 0).folder, 'Journeys', name), text);
  const films = Object.keys(filmed);
  const sent = async (): Promise<boolean> => (await ada.cli.must('ls', '/Journeys')).split('\n').filter(isFilm).length === films.length;
  await waitFor(sent, { ...patience, longestPauseMs: 500, what: 'all films on the server' });
  // Only now, so that most are still to come however slow this machine is.
  slow.start('--limit-down', '600k');
  const here = async (): Promise<number> => (await readdir(path.join(slow.folder, 'Trip')).catch(() => [])).filter(isFilm).length;
  await waitFor(async () => (await here()) > 0, { ...patience, what: 'the first films on the slow device' });
  await ada.cli.must('members', 'remove', '/Journeys', bob.email);
  const had = await here();
  return had < films.length ? [] : [`all of ${had} films had come when Bob was removed`];
}

function isFilm(name: string): boolean {
  return name.startsWith('film-');
}

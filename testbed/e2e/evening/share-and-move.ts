import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from '@driftbox/testkit';
import { element } from '@driftbox/transfer';
import type { SyncDevice } from '../../src/sync-device.ts';
import type { Company, Person } from './people.ts';
import { patience } from './place.ts';
import { arrival, write, type Files } from './trees.ts';

/** What Ada brings along: the folder that she will share, and one that she keeps. */
export const photos: Files = Object.fromEntries(
  Array.from({ length: 20 }, (_, index) => [`${index}.jpg`, `photo ${index} `.repeat(2_000)]),
);
const brought: Files = {
  'Letters/private.txt': 'to nobody',
  'Letters/invitation.txt': 'come with us',
  'Trip/plan.txt': 'the plan',
  'Trip/notes/day1.txt': 'rain',
  ...under('Trip/photos', photos),
};

/** What is in the shared folder after all moves, by its path below the folder. */
export const moved: Files = {
  'plan.txt': 'the plan',
  'album/notes/day1.txt': 'rain, then sun',
  'album/notes/invitation.txt': 'come with us',
  'album/from-cleo.txt': 'by Cleo',
  ...under('album/2026/photos', photos),
};

/** The same files below a folder. */
export function under(folder: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
}

/** Ada shares a folder with two people, Dora one in her tenant; all take what they are offered. Answers the drives' ids. */
export async function share({ ada, bob, cleo, dora, emil }: Company): Promise<{ readonly trip: string; readonly books: string }> {
  await write(device(ada, 0), brought);
  await write(device(dora, 0), { 'Books/list.txt': 'none yet' });
  await Promise.all([arrival(device(ada, 2), 'Trip/plan.txt', 'the plan'), arrival(device(dora, 1), 'Books/list.txt', 'none yet')]);
  await waitFor(async () => (await ada.cli.run('ls', '/Trip/photos')).stdout.split('\n').length > 20, {
    ...patience,
    what: "Ada's photos",
  });
  const trip = (await ada.cli.must('share', '/Trip')).trim();
  const books = (await dora.cli.must('share', '/Books')).trim();
  await offer(ada, '/Trip', bob);
  await offer(ada, '/Trip', cleo);
  await offer(dora, '/Books', emil);
  await arrival(device(emil, 0), 'Books/list.txt', 'none yet');
  await write(device(emil, 0), { 'Books/list.txt': 'a first one' });
  for (const one of [...bob.devices, ...cleo.devices]) await arrival(one, 'Trip/photos/19.jpg', photos['19.jpg'] ?? '');
  return { trip, books };
}

/** Metadata hears of new people a moment after they came. */
async function offer(by: Person, folder: string, to: Person): Promise<void> {
  const invite = async (): Promise<boolean> => (await by.cli.run('invite', folder, to.email, '--role', 'editor')).code === 0;
  await waitFor(invite, { ...patience, longestPauseMs: 1_000, what: `an offer to ${to.name}` });
  const { items } = JSON.parse(await to.cli.must('invitations', '--json')) as { items: readonly { invitationId: string }[] };
  await to.cli.must('invitations', 'accept', element(items, 0).invitationId);
}

/** Folders go into each other on three people's devices at once, a mount gets another name, and a letter goes over with its history. */
export async function moveAbout({ ada, bob, cleo }: Company): Promise<void> {
  const at = (one: SyncDevice, ...names: string[]): string => path.join(one.folder, ...names);
  const [hers, his] = [device(ada, 1), device(bob, 1)];
  await arrival(hers, 'Trip/notes/day1.txt', 'rain');
  await mkdir(at(his, 'Trip', 'album', '2026'), { recursive: true });
  await rename(at(his, 'Trip', 'photos'), at(his, 'Trip', 'album', '2026', 'photos'));
  await write(device(cleo, 1), { 'Trip/album/from-cleo.txt': 'by Cleo' });
  await rename(at(device(ada, 2), 'Trip'), at(device(ada, 2), 'Journeys'));
  await waitFor(async () => (await ada.cli.must('ls', '/')).includes('Journeys'), { ...patience, what: "the mount's new name" });
  await arrival(hers, 'Journeys/album/2026/photos/19.jpg', photos['19.jpg'] ?? '');
  await rename(at(hers, 'Journeys', 'notes'), at(hers, 'Journeys', 'album', 'notes'));
  await write(hers, { 'Journeys/album/notes/day1.txt': 'rain, then sun' });
  await arrival(his, 'Trip/album/notes/day1.txt', 'rain, then sun');
  await ada.cli.must('mv', '/Letters/invitation.txt', '/Journeys/album/notes/');
  for (const one of bob.devices) await arrival(one, 'Trip/album/notes/invitation.txt', 'come with us');
}

/** Somebody's device, the first being 0. */
export function device({ devices }: Person, index: number): SyncDevice {
  return element(devices, index);
}

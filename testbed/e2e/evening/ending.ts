import { waitFor } from '@driftbox/testkit';
import type { AddedTenant } from '../../src/register-tenant.ts';
import { createCli } from '../../src/run-cli.ts';
import type { Hooks } from './hooks.ts';
import { wrongEvents } from './hooks.ts';
import { sent } from './links.ts';
import { mailTo } from './mails.ts';
import type { Company } from './people.ts';
import { patience, type Place } from './place.ts';
import { moved, under } from './share-and-move.ts';
import { filmed, leftBy, offline } from './take-away.ts';
import { wrongTrees } from './trees.ts';

/** The two drives that were shared. */
export type Drives = { readonly trip: string; readonly books: string };

const notFound = 4;

/** Everybody's trees as they must be in the end. Answers where they are not. */
export async function endTrees({ ada, bob, cleo, dora, emil }: Company): Promise<string[]> {
  const books = { 'Books/list.txt': 'a first one' };
  const journeys = { ...moved, ...under('incoming', sent), ...filmed };
  const wrong = [
    await wrongTrees(ada, { 'Letters/private.txt': 'to nobody', ...under('Journeys', journeys) }),
    await wrongTrees(bob, {}),
    await wrongTrees(cleo, under((await leftBy(cleo)) ?? 'Trip', offline)),
    await wrongTrees(dora, books),
    await wrongTrees(emil, books),
  ];
  return wrong.flat();
}

/** The mails that everybody was to get by then, on an SMTP server. Answers how many came in all. */
export async function endMails(place: Place, { ada, bob, cleo }: Company): Promise<number> {
  await mailTo(place, bob.email, 'invites you to');
  await mailTo(place, ada.email, 'has accepted your invitation');
  await mailTo(place, ada.email, 'uploaded a file through a link of yours');
  await mailTo(place, ada.email, 'downloaded a folder through a link of yours');
  await mailTo(place, cleo.email, 'You no longer have access to');
  await mailTo(place, bob.email, 'You no longer have access to');
  return place.mails.length;
}

/** What webhooks heard, once it has all come: of their own tenant everything, of the other nothing. */
export async function endHooks({ home, acme }: Hooks, { trip, books }: Drives): Promise<string[]> {
  const here = ['files.committed', 'grant.changed', 'invitation.accepted', 'link.created', 'link.used'];
  const there = ['files.committed', 'grant.changed', 'invitation.accepted'];
  const wrong = (): string[] => [...wrongEvents(home, here, books), ...wrongEvents(acme, there, trip)];
  await waitFor(() => wrong().length === 0, { ...patience, what: 'everything that webhooks are to hear' }).catch(() => false);
  return wrong();
}

/** Nobody of the other tenant finds what is shared in the first. */
export async function strangers({ dora, emil }: Company, { trip }: Drives): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, cli } of [dora, emil])
    for (const args of [
      ['mount', trip, '/theirs'],
      ['members', 'list', trip],
      ['leave', trip],
    ]) {
      const { code } = await cli.run(...args);
      if (code !== notFound) wrong.push(`${name}: ${args[0]} of the other tenant's drive ended with ${code}`);
    }
  return wrong;
}

/** What `admin fsck` finds in a tenant: ledgers against a recount, journals, trees and chunks. */
export async function recount(place: Place, { tenantId, host }: AddedTenant): Promise<string[]> {
  const { serviceKey, internal } = place.cell;
  const cli = createCli(place.folder, { ...place.env, DRIFTBOX_SERVICE_KEY: serviceKey });
  const { code, stdout, stderr } = await cli.run('admin', 'fsck', '--tenant', tenantId, '--server', internal.upload);
  return code === 0 ? [] : [`fsck of ${host} ended with ${code}:\n${stdout}${stderr}`];
}

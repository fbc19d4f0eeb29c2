import type { EntryId, Place } from '@driftbox/domain';
import { sameBody, samePlace } from './compare.ts';
import type { Merge } from './merge.ts';
import type { Agreement } from './plan.ts';
import type { SyncBody } from './tree.ts';
import type { Verdict } from './verdict.ts';

/**
 * What the synced tree has to learn without anything being done. Places and bodies agree apart from each other: a file that
 * was moved alike on both sides and edited on one was moved already, so a further move is seen as one.
 */
export function findAgreements(merge: Merge): Agreement[] {
  const agreements = merge.all().map(agree);
  // Entries that are somewhere else now come before the folders they were in, which take everything below with them.
  const found = agreements.filter((agreement) => agreement !== undefined);
  return [...found.filter(({ now }) => now !== 'gone'), ...found.filter(({ now }) => now === 'gone')];
}

function agree(verdict: Verdict): Agreement | undefined {
  const { entryId, fate, synced } = verdict;
  if (fate === 'gone' || fate === 'away') return synced && { entryId, now: 'gone' };
  if (fate !== 'stays') return undefined;
  const { local, remote } = verdict;
  const samePlaces = samePlace(local, remote);
  const sameBodies = sameBody(local.body, remote.body);
  if (synced === undefined) return samePlaces && sameBodies ? agreed(remote, remote.body, remote.rev) : undefined;
  const place = samePlaces ? remote : synced;
  const body = sameBodies ? remote.body : synced.body;
  const rev = samePlaces && sameBodies ? remote.rev : synced.rev;
  const isKnown = samePlace(synced, place) && sameBody(synced.body, body) && synced.rev === rev;
  return isKnown ? undefined : agreed({ ...place, entryId }, body, rev);
}

function agreed({ entryId, parentId, name }: Place & { readonly entryId: EntryId }, body: SyncBody, rev: number): Agreement {
  return { entryId, now: { place: { parentId, name }, body, rev } };
}

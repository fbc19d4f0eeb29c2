import { listPacks, type PackId, type StoreError } from '@driftbox/chunk-store';
import { isDamage } from '../backup-index.ts';
import { readManifest } from '../manifest.ts';
import type { Destination } from '../destination.ts';

/** What a command does where backups are, as far as others there have to know. */
export type Use = 'create' | 'remove' | 'read';

/** Says where backups are that somebody is at work there. A new one takes its place every minute. */
export type Mark = {
  readonly format: 1;
  /** The same in all marks of one run. */
  readonly id: string;
  readonly use: Use;
  /** Who is given a task again after a run of it died has the same owner. */
  readonly owner?: string;
  readonly host: string;
  readonly pid: number;
  readonly process?: string;
  /** RFC 3339, by the clock of who is at work: since when, and when this mark was written. */
  readonly since: string;
  readonly takenAt: string;
};

/** A mark and where it is. */
export type PlacedMark = Mark & { readonly packId: PackId };

/** Whether two may not be at work in one place: who removes is alone there, and of those who make points there is one. */
export function excludes(one: Use, other: Use): boolean {
  return one === 'remove' || other === 'remove' || (one === 'create' && other === 'create');
}

/** All marks of a place. One that cannot be read may be anybody's, and is of no time. */
export async function readMarks({ locks, key }: Pick<Destination, 'locks' | 'key'>): Promise<PlacedMark[]> {
  const marks: PlacedMark[] = [];
  for await (const { id: packId } of listPacks(locks)) {
    try {
      marks.push({ ...(await readManifest<Mark>(locks, key, packId)), packId });
    } catch (error) {
      if (!isDamage(error)) throw error;
      if ((error as StoreError).kind === 'corrupt') marks.push({ ...unreadable, id: packId, packId });
    }
  }
  return marks;
}

const unreadable: Omit<Mark, 'id'> = { format: 1, use: 'remove', host: '', pid: 0, since: '', takenAt: '' };

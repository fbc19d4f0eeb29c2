import { z } from 'zod';
import { ruled, type Rule } from './rule.ts';

/** What becomes of data when the object that owns it is deleted. */
export const retainOrDelete = z.enum(['Retain', 'Delete']);

/** Refuses deleting the object while it is set; an admission policy sees to it. */
export const deletionProtection = z
  .boolean()
  .default(false)
  .describe('While true the API server refuses to delete this object, and if it is deleted all the same its data is kept.');

/** As `retainOrDelete`, with the choice that needs backups; it is there so that it can be refused with a reason. */
export const retainSnapshotOrDelete = ruled(z.enum(['Retain', 'Snapshot', 'Delete']), {
  on: 'every write',
  cel: "self != 'Snapshot'",
  message: 'Snapshot needs backups, which this version does not make: set Retain or Delete',
  holds: (self) => self !== 'Snapshot',
} satisfies Rule<string>);

import { z } from 'zod';

/** What becomes of data when the object that owns it is deleted. */
export const retainOrDelete = z.enum(['Retain', 'Delete']);

/** Refuses deleting the object while it is set; an admission policy sees to it. */
export const deletionProtection = z
  .boolean()
  .default(false)
  .describe('While true the API server refuses to delete this object, and if it is deleted all the same its data is kept.');

/** As `retainOrDelete`, with a last backup before Delete. */
export const retainSnapshotOrDelete = z.enum(['Retain', 'Snapshot', 'Delete']);

import { statement } from '@driftbox/postgres';

/** What repeated writes were answered. */
export const loadAnswers = statement({
  name: 'metadata.load-answers',
  text: `SELECT c.entry_id, c.write_id, c.rev, c.seq FROM unnest($2::uuid[], $3::uuid[]) AS w (entry_id, write_id)
  JOIN changes c ON c.tenant = $1 AND c.entry_id = w.entry_id AND c.write_id = w.write_id WHERE c.drive_id = $4`,
});

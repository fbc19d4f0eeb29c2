import { statement } from '@driftbox/postgres';

/** What repeated writes were answered. */
export const loadAnswers = statement({
  name: 'metadata.load-answers',
  text: `SELECT c.entry_id, c.write_id, c.rev, c.seq FROM unnest($2::uuid[], $3::uuid[]) AS w (entry_id, write_id)
  CROSS JOIN LATERAL (
    SELECT a.entry_id, a.write_id, a.rev, a.seq, a.drive_id FROM changes a
    WHERE a.tenant = $1 AND a.entry_id = w.entry_id AND a.write_id = w.write_id LIMIT 1
  ) c WHERE c.drive_id = $4`,
});

import { statement } from '@driftbox/postgres';

/**
 * Takes entries out of the index of names before a batch gives them new places: swapping two names in one commit would
 * otherwise meet a name that is only just being given up. No folder has the ids they wait under.
 */
export const parkEntries = statement({
  name: 'metadata.park-entries',
  text: 'UPDATE entries SET parent_id = gen_random_uuid() WHERE tenant = $1 AND entry_id = ANY ($2::uuid[])',
});

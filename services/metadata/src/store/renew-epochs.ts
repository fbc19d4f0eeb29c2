import { statement } from '@driftbox/postgres';

/** Gives every drive of a tenant a new epoch: its seq may run over numbers again that clients have seen other changes under. */
export const renewEpochs = statement({
  name: 'metadata.renew-epochs',
  text: 'UPDATE drives SET epoch = gen_random_uuid() WHERE tenant = $1 RETURNING drive_id',
});

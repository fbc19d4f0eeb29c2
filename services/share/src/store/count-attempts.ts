import { countAttemptsIn, statement } from '@driftbox/postgres';

export const countAttempts = countAttemptsIn('link_attempts', 'share.count-attempts');

/** Takes the attempts under these keys back. */
export const forgiveAttempts = statement({
  name: 'share.forgive-attempts',
  text: 'UPDATE link_attempts SET attempts = greatest(0, attempts - 1) WHERE tenant = $1 AND key = ANY ($2::bytea[])',
});

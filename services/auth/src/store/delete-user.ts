import { statement } from '@driftbox/postgres';

/** Deletes a user; devices, sessions, app passwords, identities and mailed secrets go with them. */
export const deleteUser = statement({ name: 'auth.delete-user', text: 'DELETE FROM users WHERE tenant = $1 AND user_id = $2' });

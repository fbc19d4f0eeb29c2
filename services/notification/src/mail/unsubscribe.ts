import { Problem, type PreferencesPatch } from '@driftbox/protocol';
import type { Context } from '../context.ts';
import { updatePreferences } from '../preferences.ts';
import { dropMails } from '../store/mails.ts';
import { readUnsubscribeToken } from './unsubscribe-token.ts';

/** Ends mails of the kinds that a token names, what waits of them included. Again changes nothing. Throws `not_found` for no token. */
export async function unsubscribe({ database, webhookSecret, nowMs }: Context, token: string): Promise<void> {
  const asked = readUnsubscribeToken(webhookSecret, token);
  if (asked === undefined) throw new Problem('not_found');
  const { tenantId, userId, kinds } = asked;
  const off = Object.fromEntries(kinds.map((kind) => [kind, { email: false }])) as PreferencesPatch['kinds'];
  await updatePreferences(database, tenantId, userId, { kinds: off });
  await database.withTenant(tenantId, dropMails, [tenantId, userId, kinds, new Date(nowMs())], { readOnly: false });
}

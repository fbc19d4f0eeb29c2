import { statement } from '@driftbox/postgres';

const some = (table: string, condition: string): string =>
  `DELETE FROM ${table} WHERE tenant = $1 AND ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE tenant = $1 AND ${condition} LIMIT $3))`;

/** What is kept of uses, of ended windows, and of links and invitations whose end is long past: at most `$3` rows of each before `$2`. */
export const sweepers = [
  statement({ name: 'share.sweep-uses', text: some('link_uses', `at < $2::timestamptz - interval '90 days'`) }),
  statement({ name: 'share.sweep-attempts', text: some('link_attempts', 'window_ends_at < $2::timestamptz') }),
  statement({ name: 'share.sweep-invitations', text: some('invitations', `expires_at < $2::timestamptz - interval '90 days'`) }),
  statement({ name: 'share.sweep-links', text: some('links', `expires_at < $2::timestamptz - interval '90 days'`) }),
];

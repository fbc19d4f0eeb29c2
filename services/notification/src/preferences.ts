import type { TenantId, UserId } from '@driftbox/domain';
import type { Database, Transaction } from '@driftbox/postgres';
import { notificationKinds, type NotificationKind, type Preferences, type PreferencesPatch } from '@driftbox/protocol';
import { readPreferences, writePreferences } from './store/preferences.ts';

type Kinds = NonNullable<PreferencesPatch['kinds']>;

/** What holds for who has said nothing. Invitations are mailed by share, to people without an account as well. */
const defaults = { inApp: true, email: true } as const;
const defaultEmail = { digest: 'off', quiet: null, timeZone: 'UTC' } as const;

/** The preferences of who has said this. */
export function preferencesOf(changes: PreferencesPatch): Preferences {
  const ofKind = (kind: NotificationKind) => ({
    ...defaults,
    ...(kind === 'invitation' ? { email: false } : {}),
    ...changes.kinds?.[kind],
  });
  const kinds = Object.fromEntries(notificationKinds.map((kind) => [kind, ofKind(kind)])) as Preferences['kinds'];
  return { kinds, email: { ...defaultEmail, ...changes.email } };
}

/** What somebody has said once they have said this too. */
export function withPatch(changes: PreferencesPatch, patch: PreferencesPatch): PreferencesPatch {
  const kinds: { -readonly [K in keyof Kinds]: Kinds[K] } = { ...changes.kinds };
  for (const kind of notificationKinds) {
    const said = patch.kinds?.[kind];
    if (said !== undefined) kinds[kind] = { ...kinds[kind], ...said };
  }
  return { kinds, email: { ...changes.email, ...patch.email } };
}

type Row = { readonly userId: UserId; readonly changes: PreferencesPatch };

/** The preferences of these people, each. */
export async function preferencesFor(tx: Transaction, people: readonly UserId[]): Promise<(userId: UserId) => Preferences> {
  const { rows } = await tx.query<Row>(readPreferences, [tx.tenantId, people]);
  const said = new Map(rows.map(({ userId, changes }) => [userId, changes]));
  return (userId) => preferencesOf(said.get(userId) ?? {});
}

/** A person's own. */
export async function getPreferences(database: Database, tenantId: TenantId, userId: UserId): Promise<Preferences> {
  const { rows } = await database.withTenant<Row>(tenantId, readPreferences, [tenantId, [userId]]);
  return preferencesOf(rows[0]?.changes ?? {});
}

/** Takes a change over; two at once are both taken, one after the other. */
export function updatePreferences(database: Database, tenantId: TenantId, userId: UserId, patch: PreferencesPatch): Promise<Preferences> {
  return database.transaction(
    tenantId,
    async (tx) => {
      // A row to be locked is there from now on.
      tx.defer(writePreferences.insert, [tenantId, userId]);
      const { rows } = await tx.query<Row>(writePreferences.lock, [tenantId, userId]);
      const changes = withPatch(rows[0]?.changes ?? {}, patch);
      await tx.last(writePreferences.update, [tenantId, userId, changes]);
      return preferencesOf(changes);
    },
    { idempotent: true },
  );
}

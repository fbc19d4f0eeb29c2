import { parseTenantId, parseUserId, tenantRoles } from '@driftbox/domain';
import { unlessErased, type Database } from '@driftbox/postgres';
import { z } from 'zod';
import { putUser } from './store/put-user.ts';

/** Topic of facts about people. */
export const accountsTopic = 'driftbox.accounts';

/** What metadata reads of an event; the rest is none of its business. */
const accountEvent = z.object({
  type: z.string(),
  time: z.iso.datetime({ offset: true }),
  tenant: z.string(),
  subject: z.string().optional(),
  data: z
    .object({
      userId: z.string().optional(),
      name: z.string().optional(),
      displayName: z.string().optional(),
      email: z.string().optional(),
      emailVerified: z.boolean().optional(),
      role: z.enum(tenantRoles).optional().catch(undefined),
    })
    .catch({}),
});

const states: Readonly<Record<string, string | null>> = {
  'user.created': 'active',
  'user.updated': null,
  'user.restored': 'active',
  'user.suspended': 'suspended',
  'user.removed': 'removed',
};

/** Keeps the copy of users: names for people to read, nothing that decides about access. Events of other types do nothing. */
export async function copyUser(database: Database, event: unknown): Promise<void> {
  const parsed = accountEvent.safeParse(event);
  if (!parsed.success) return;
  const { type, time, tenant, subject, data } = parsed.data;
  const state = states[type];
  const tenantId = parseTenantId(tenant);
  const userId = parseUserId(data.userId ?? subject ?? '');
  if (state === undefined || tenantId === undefined || userId === undefined) return;
  const { name, displayName, email, emailVerified, role } = data;
  const values = [tenantId, userId, name ?? displayName ?? null, email ?? null, state, time, emailVerified ?? null, role ?? null];
  await unlessErased(() => database.withTenant(tenantId, putUser, values, { readOnly: false }));
}

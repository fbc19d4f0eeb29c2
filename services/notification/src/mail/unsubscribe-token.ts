import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseTenantId, parseUserId, type TenantId, type UserId } from '@driftbox/domain';
import { notificationKinds, type NotificationKind } from '@driftbox/protocol';

/** Whose mails of which kinds end. */
export type Unsubscription = { readonly tenantId: TenantId; readonly userId: UserId; readonly kinds: readonly NotificationKind[] };

function signatureOf(cellSecret: Uint8Array, text: string): Buffer {
  return createHmac('sha256', cellSecret).update(`unsubscribe ${text}`).digest();
}

/** What ends these mails and can do nothing else; it holds for ever, for mails are kept for ever. */
export function makeUnsubscribeToken(cellSecret: Uint8Array, { tenantId, userId, kinds }: Unsubscription): string {
  const text = Buffer.from(`${tenantId} ${userId} ${kinds.join(',')}`).toString('base64url');
  return `${text}.${signatureOf(cellSecret, text).toString('base64url')}`;
}

/** What a token ends; `undefined` for what was not made here. */
export function readUnsubscribeToken(cellSecret: Uint8Array, token: string): Unsubscription | undefined {
  const [text = '', signature = ''] = token.split('.');
  const [given, right] = [Buffer.from(signature, 'base64url'), signatureOf(cellSecret, text)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const [tenant = '', user = '', names = ''] = Buffer.from(text, 'base64url').toString().split(' ');
  const [tenantId, userId] = [parseTenantId(tenant), parseUserId(user)];
  if (tenantId === undefined || userId === undefined) return undefined;
  const named = names.split(',');
  return { tenantId, userId, kinds: notificationKinds.filter((kind) => named.includes(kind)) };
}

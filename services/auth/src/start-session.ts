import { parseDeviceId, parseSessionId, type DeviceId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import type { SignedIn } from '@driftbox/protocol';
import { newId, ownId } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { sessionStarted } from './events.ts';
import { issueTokens } from './issue-tokens.ts';
import { insertSession } from './store/insert-session.ts';
import { saveDevice } from './store/save-device.ts';
import type { UserRow } from './store/user-row.ts';

/** How a client introduces its device. */
export type Introduction = { readonly deviceId?: DeviceId | undefined; readonly name: string; readonly kind: string };

/** The device as before where the user has signed in on it, otherwise a new one. An id that is somebody else's is not taken over. */
async function settleDevice(tx: Transaction, user: UserRow, device: Introduction, nowMs: number): Promise<DeviceId> {
  const { name, kind } = device;
  if (device.deviceId !== undefined && (await saveDevice(tx, device.deviceId, user.userId, name, kind, nowMs))) return device.deviceId;
  const deviceId = ownId(parseDeviceId, newId(nowMs));
  await saveDevice(tx, deviceId, user.userId, name, kind, nowMs);
  return deviceId;
}

/** Signs a user in on a device: a session with its first pair of tokens, within `tx`. */
export async function startSession(context: Context, tx: Transaction, user: UserRow, device: Introduction): Promise<SignedIn> {
  const nowMs = context.nowMs();
  const deviceId = await settleDevice(tx, user, device, nowMs);
  const sessionId = ownId(parseSessionId, newId(nowMs));
  insertSession(tx, sessionId, user.userId, deviceId, nowMs, nowMs + context.lifetimes.refreshMs);
  sessionStarted(tx, user.userId, sessionId);
  return issueTokens(context, tx, user, { sessionId, deviceId });
}

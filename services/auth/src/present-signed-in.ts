import type { DeviceId, SessionId } from '@driftbox/domain';
import type { OpenSession, SignedInDevice } from '@driftbox/protocol';
import type { DeviceRow } from './store/list-devices.ts';
import type { SessionRow } from './store/list-sessions.ts';

/** A device on the wire; `current` is the one that asks. */
export function presentDevice({ deviceId, name, kind, createdMs, lastSeenMs }: DeviceRow, current: DeviceId | undefined): SignedInDevice {
  return {
    deviceId,
    name,
    kind,
    createdAt: new Date(createdMs).toISOString(),
    lastSeenAt: new Date(lastSeenMs).toISOString(),
    current: deviceId === current,
  };
}

/** A session on the wire; `current` is the one that asks. */
export function presentSession(row: SessionRow, current: SessionId): OpenSession {
  const { sessionId, deviceId, deviceName, createdMs, lastUsedMs, expiresMs } = row;
  return {
    sessionId,
    deviceId,
    deviceName,
    createdAt: new Date(createdMs).toISOString(),
    lastUsedAt: new Date(lastUsedMs).toISOString(),
    expiresAt: new Date(expiresMs).toISOString(),
    current: sessionId === current,
  };
}

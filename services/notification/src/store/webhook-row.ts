import type { DriveId, UserId } from '@driftbox/domain';

/** A webhook as it is stored, times in milliseconds. */
export type WebhookRow = {
  readonly webhookId: string;
  readonly owner: UserId;
  readonly url: string;
  readonly scope: 'own' | 'drive' | 'tenant';
  readonly drive: DriveId | null;
  readonly types: readonly string[];
  readonly state: 'active' | 'paused' | 'disabled';
  readonly generation: number;
  readonly rotatedMs: number | null;
  readonly createdMs: number;
  readonly failingMs: number | null;
  readonly failures: number;
  readonly waiting: number;
};

/** The select list of a `WebhookRow`. */
export const webhookColumns = `webhook_id AS "webhookId", owner, url, scope, drive_id AS drive, types, state, generation,
  rotated_at AS "rotatedMs", created_at AS "createdMs", failing_since AS "failingMs", failures, waiting`;

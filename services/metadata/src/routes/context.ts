import type { Client } from '@driftbox/api-client';
import type { DriveId, TenantId, UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem, type LinkClaims } from '@driftbox/protocol';
import type { Asker } from '../access-drive.ts';
import type { AccessReader } from '../access-reader.ts';
import type { OnCommitted } from '../commit-input.ts';
import type { HotAnswers } from '../hot-answers.ts';
import type { LinkAsker } from '../linked.ts';
import type { MetadataMetrics } from '../metrics.ts';

/** What every route of metadata works with. */
export type Context = {
  readonly database: Database;
  readonly access: AccessReader;
  readonly hot: HotAnswers;
  readonly metrics: MetadataMetrics;
  /** Auth's routes: whether an account may end is for it to say. */
  readonly auth: Client;
  /** The cell's, by which this service calls auth. */
  readonly serviceKey: string;
  /** Wakes whoever follows a drive, as soon as a commit cannot be lost any more. */
  readonly onCommitted: OnCommitted;
};

type Asked = {
  readonly tenantId: TenantId;
  readonly actor: { readonly userId: UserId };
  readonly signal: AbortSignal;
  readonly params: { readonly drive: DriveId };
};
type Called = { readonly caller: string };

/** Who asks about the drive in the path. */
export function askerOf(request: Asked): Asker {
  return { tenantId: request.tenantId, driveId: request.params.drive, userId: request.actor.userId, signal: request.signal };
}

/** The same where the holder of a link may be behind it. */
export function linkAskerOf(request: Asked & { readonly link: LinkClaims | undefined }): LinkAsker {
  return { ...askerOf(request), link: request.link };
}

/** What is there for whoever asks in a user's name whether they may see a drive. */
export function requireAsking({ caller }: Called): void {
  if (caller !== 'upload' && caller !== 'share' && caller !== 'notification') throw new Problem('not_found');
}

/** What is there for share alone. */
export function requireShare(request: Called): void {
  if (request.caller !== 'share') throw new Problem('not_found');
}

/** Internal routes answer to the upload service alone; others are told that there is nothing. */
export function requireUpload(request: Called): void {
  if (request.caller !== 'upload') throw new Problem('not_found');
}

/** A user who signed in for reading alone changes nothing, whichever service acts for them. */
export function requireWriteScope(request: { readonly actor: { readonly scope: 'read' | 'write' } }): void {
  if (request.actor.scope !== 'write') throw new Problem('permission_denied', 'This sign-in may only read');
}

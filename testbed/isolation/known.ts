import { randomUUID } from 'node:crypto';
import { worldPassword } from '../src/world.ts';
import type { Resident } from './resident.ts';
import type { Known } from './sample-json.ts';

/** A sign-in at an issuer, as a client begins it. */
const begunSignIn = {
  redirectUri: 'http://127.0.0.1:1/callback',
  codeChallenge: 'x'.repeat(43),
  codeVerifier: 'x'.repeat(43),
  state: 'x'.repeat(16),
};

/** What names in paths, queries and bodies stand for, taken from one person's data. */
export function knownOf(one: Resident): { readonly params: Readonly<Record<string, string>>; readonly fields: Known } {
  return { params: paramsOf(one), fields: fieldsOf(one) };
}

function paramsOf(one: Resident): Readonly<Record<string, string>> {
  const { drive, entryId, signedIn, claims } = one;
  return {
    drive: drive.drive,
    subject: one.friend.userId,
    group: one.groupId,
    user: one.friend.userId,
    entry: entryId,
    tag: 'urgent',
    seq: '1',
    session: claims.sid,
    device: signedIn.deviceId,
    appPassword: one.appPassword.appPasswordId,
    invitation: one.invitationId,
    token: one.contentToken,
    upload: one.tusUploadId,
    ...whereToOf(one),
    path: one.fileName,
    tenant: one.tenant.tenantId,
    host: one.tenant.host,
    commit: randomUUID(),
    issuer: 'corp',
    identity: randomUUID(),
    holder: randomUUID(),
  };
}

function fieldsOf(one: Resident): Known {
  const { drive, entryId, signedIn, claims } = one;
  const head = `${drive.drive}:${drive.driveEpoch}:0`;
  return {
    restoreId: randomUUID(),
    drive: drive.drive,
    toDrive: drive.drive,
    driveEpoch: drive.driveEpoch,
    entryId,
    entry: entryId,
    parentId: one.folderId,
    writeId: () => randomUUID(),
    commitId: () => randomUUID(),
    uploadId: one.uploadId,
    deviceId: signedIn.deviceId,
    owner: claims.sub,
    user: claims.sub,
    group: one.groupId,
    invitation: one.received,
    tenantId: one.tenant.tenantId,
    hosts: [one.tenant.host],
    digest: one.digest,
    digests: [one.digest],
    listId: one.digest,
    baseListId: one.digest,
    resultListId: one.digest,
    cursors: head,
    applied: head,
    q: one.fileName.slice(0, 8),
    url: 'https://receiver.invalid/',
    path: one.fileName,
    name: () => `new-${randomUUID()}`,
    email: one.email,
    displayName: 'Changed',
    password: worldPassword,
    currentPassword: worldPassword,
    newPassword: `${worldPassword} again`,
    refreshToken: signedIn.refreshToken,
    token: 'x'.repeat(43),
    issuer: 'https://login.example.com',
    ...begunSignIn,
    rev: 1,
    baseRev: 1,
    commitBy: () => new Date(Date.now() + 60_000).toISOString(),
    expiresAt: () => new Date(Date.now() + 60_000).toISOString(),
  };
}

/** What leads out of the cell. */
function whereToOf({ link, linkToken, download, webhookId, deliveryId }: Resident): Readonly<Record<string, string>> {
  return { link: link.linkId, linkToken, download, webhook: webhookId, delivery: deliveryId, unsubscribeToken: 'x'.repeat(43) };
}

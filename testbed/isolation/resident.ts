import { randomBytes, randomUUID } from 'node:crypto';
import { createClient, type Client, type Transport } from '@driftbox/api-client';
import { parseEntryId, parseUploadId, parseWriteId, type EntryId } from '@driftbox/domain';
import { accessClaims, routes, type AccessClaims, type Drive, type Link, type SignedIn } from '@driftbox/protocol';
import { newId } from '@driftbox/testkit';
import { beInvited, friendIn, letIn, type Friend } from './friend.ts';
import type { AddedTenant } from '../src/register-tenant.ts';
import { hostTransport, putFiles } from '../src/api-user.ts';
import { chunkRefOf } from '../src/raw-frame.ts';
import { tusHeaders } from './tus-headers.ts';
import { worldPassword } from '../src/world.ts';

/**
 * A person of a tenant with one of everything that a request can name, each under a name of its own that no other answer
 * could hold by chance.
 */
export type Resident = {
  readonly tenant: AddedTenant;
  readonly client: Client;
  readonly signedIn: SignedIn;
  readonly claims: AccessClaims;
  /** Where else they are signed in, where they administer the tenant: they may be signed out there. */
  readonly elsewhere: { readonly session: string; readonly device: string };
  readonly email: string;
  readonly drive: Drive;
  /** A drive that a friend may read. */
  readonly shared: Drive;
  readonly friend: Friend;
  readonly entryId: EntryId;
  readonly folderId: EntryId;
  readonly digest: string;
  readonly uploadId: string;
  /** One that comes by tus, and of which nothing has come. */
  readonly tusUploadId: string;
  readonly appPassword: { readonly appPasswordId: string; readonly secret: string };
  readonly invitationId: string;
  /** A group with the friend in it, where the person administers the tenant. */
  readonly groupId: string;
  /** Invitations to drives: one that waits for the person, one that they sent. */
  readonly received: string;
  readonly sent: string;
  readonly contentToken: string;
  /** A link to the file, its token, and a download of it that has begun. */
  readonly link: Link;
  readonly linkToken: string;
  readonly download: string;
  /** A webhook that waits, and what waits for it. */
  readonly webhookId: string;
  readonly deliveryId: string;
  readonly fileName: string;
  /** Words that are nowhere but in this person's data. */
  readonly secrets: readonly string[];
};

/** Signs somebody up at a tenant that is open, as its owner with the tenant's first invitation, and gives them data. */
export async function settle(address: string, tenant: AddedTenant, invitation?: string): Promise<Resident> {
  const word = randomBytes(6).toString('hex');
  const email = `${word}@example.com`;
  const transport = hostTransport(address, tenant.host);
  const signedIn = await signUp(transport, word, invitation);
  const client = createClient({ transport, token: async () => signedIn.accessToken });
  const [drive] = (await client.call(routes.listDrives)).items;
  if (drive === undefined) throw new Error('a new user has no home drive');
  const fileName = `file-${word}.txt`;
  const content = Buffer.from(`content ${word} `.repeat(50));
  await putFiles({ email, client, drive, accessToken: signedIn.accessToken }, [{ name: fileName, bytes: content }]);
  const params = { drive: drive.drive };
  const folderId = await makeFolder(client, drive, `folder-${word}`);
  const { items } = await client.call(routes.listChildren, { params: { ...params, entry: drive.rootId } });
  const entryId = items.find(({ name }) => name === fileName)!.entryId;
  const uploadId = newId(parseUploadId);
  await client.call(routes.askMissing, { params, body: { uploadId, sizeBytes: 10, digests: [] } });
  const tusUploadId = await beginTus(client, drive, `tus-${word}`);
  const appPassword = await client.call(routes.createAppPassword, { body: { name: `App ${word}` } });
  const invited = invitation === undefined ? undefined : await client.call(routes.inviteUser, { body: { email: `guest-${email}` } });
  const shared = await client.call(routes.createDrive, { body: { name: `shared-${word}` } });
  const friend = await friendIn(address, tenant);
  await letIn(client, shared, friend);
  await client.call(routes.putEntryGrant, { params: { ...params, entry: entryId, subject: friend.userId }, body: { role: 'viewer' } });
  const groupId = invitation === undefined ? randomUUID() : await makeGroup(client, `group-${word}`, friend);
  const invitations = await invite(client, shared, friend, signedIn);
  const { path } = await client.call(routes.createContentUrl, { params: { ...params, entry: entryId }, body: {} });
  const linked = await makeLink(client, drive, entryId);
  const hooked = await makeWebhook(client, word);
  return {
    tenant,
    client,
    signedIn,
    claims: claimsIn(signedIn.accessToken),
    elsewhere: placeOf(invitation === undefined ? signedIn : await signInElsewhere(transport, word)),
    email,
    drive,
    shared,
    friend,
    entryId,
    folderId,
    digest: chunkRefOf(content).digest,
    uploadId,
    tusUploadId,
    appPassword,
    invitationId: invited?.invitationId ?? randomUUID(),
    groupId,
    ...invitations,
    contentToken: lastOf(path),
    ...linked,
    ...hooked,
    fileName,
    secrets: [
      word,
      drive.drive,
      drive.rootId,
      drive.driveEpoch,
      shared.drive,
      shared.rootId,
      entryId,
      folderId,
      uploadId,
      signedIn.account.userId,
      tenant.tenantId,
      hooked.webhookId,
      hooked.deliveryId,
      appPassword.secret,
    ],
  };
}

function signUp(transport: Transport, word: string, invitation: string | undefined): Promise<SignedIn> {
  const body = {
    email: `${word}@example.com`,
    password: worldPassword,
    displayName: `Name ${word}`,
    device: { name: `Device ${word}`, kind: 'other' as const },
    ...(invitation === undefined ? {} : { invitation }),
  };
  return createClient({ transport }).call(routes.signUp, { body });
}

async function makeLink(client: Client, { drive }: Drive, entry: EntryId): Promise<Pick<Resident, 'link' | 'linkToken' | 'download'>> {
  const link = await client.call(routes.createLink, { body: { drive, entry } });
  const linkToken = lastOf(link.path);
  const begun = await client.stream(routes.downloadShared, { params: { linkToken } });
  return { link, linkToken, download: lastOf(begun.headers['location']) };
}

/** It is off, and leads nowhere: nothing is sent. */
async function makeWebhook(client: Client, word: string): Promise<Pick<Resident, 'webhookId' | 'deliveryId'>> {
  const { webhookId } = await client.call(routes.createWebhook, { body: { scope: 'own', url: `https://${word}.invalid/` } });
  const params = { webhook: webhookId };
  await client.call(routes.updateWebhook, { params, body: { state: 'paused' } });
  return { webhookId, deliveryId: (await client.call(routes.testWebhook, { params })).deliveryId };
}

async function invite(
  client: Client,
  { drive }: Drive,
  friend: Friend,
  { account }: SignedIn,
): Promise<Pick<Resident, 'received' | 'sent'>> {
  const received = await beInvited(friend, account.userId);
  const body = { drive, to: { email: `invited-${account.email}` } };
  const { items } = await client.call(routes.createInvitations, { body });
  return { received, sent: items[0]!.invitationId };
}

async function makeGroup(client: Client, name: string, { email }: Friend): Promise<string> {
  const { group } = await client.call(routes.createGroup, { body: { name } });
  await client.call(routes.addGroupMember, { params: { group }, body: { email } });
  return group;
}

async function beginTus(client: Client, { drive }: Drive, name: string): Promise<string> {
  const metadata = { 'upload-metadata': `filename ${Buffer.from(name).toString('base64')}` };
  const begun = await client.stream(routes.createUpload, { params: { drive }, headers: { ...tusHeaders, ...metadata } });
  return lastOf(begun.headers['location']);
}

function lastOf(path = ''): string {
  return path.split('/').at(-1)!;
}

async function makeFolder(client: Client, drive: Drive, name: string): Promise<EntryId> {
  const entryId = newId(parseEntryId);
  const operation = { op: 'createFolder' as const, writeId: newId(parseWriteId), entryId, parentId: drive.rootId, name };
  await client.call(routes.postCommit, { params: { drive: drive.drive }, body: { driveEpoch: drive.driveEpoch, operations: [operation] } });
  return entryId;
}

function claimsIn(token: string): AccessClaims {
  return accessClaims.parse(JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()));
}

function signInElsewhere(transport: Transport, word: string): Promise<SignedIn> {
  const device = { name: `Other device ${word}`, kind: 'other' as const };
  return createClient({ transport }).call(routes.logIn, { body: { email: `${word}@example.com`, password: worldPassword, device } });
}

function placeOf({ accessToken, deviceId }: SignedIn): Resident['elsewhere'] {
  return { session: claimsIn(accessToken).sid, device: deviceId };
}

/** The same person, but what they have is named by ids that nobody has. */
export function withOthersIds(one: Resident): Resident {
  const other = <Id extends string>(id: Id): Id => id.replace(/.$/, (last) => (last === '0' ? '1' : '0')) as Id;
  return {
    ...one,
    drive: { ...one.drive, drive: other(one.drive.drive), rootId: other(one.drive.rootId) },
    shared: { ...one.shared, drive: other(one.shared.drive) },
    entryId: other(one.entryId),
    folderId: other(one.folderId),
    uploadId: other(one.uploadId),
    tusUploadId: other(one.tusUploadId),
    appPassword: { ...one.appPassword, appPasswordId: other(one.appPassword.appPasswordId) },
    invitationId: other(one.invitationId),
    received: other(one.received),
    sent: other(one.sent),
    groupId: other(one.groupId),
    link: { ...one.link, linkId: other(one.link.linkId) },
    webhookId: other(one.webhookId),
    deliveryId: other(one.deliveryId),
  };
}

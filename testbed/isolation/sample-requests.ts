import { randomUUID } from 'node:crypto';
import { framesMediaType, type Route } from '@driftbox/protocol';
import { rawFrame } from '../src/raw-frame.ts';
import { knownOf } from './known.ts';
import type { Resident } from './resident.ts';
import { sampleJson, type JsonSchema } from './sample-json.ts';
import type { Request } from './target.ts';
import { tusHeaders } from './tus-headers.ts';

/** Requests of a route that name `one`'s things wherever the route names anything; several where its body has alternatives. */
export function sampleRequests(route: Route, one: Resident): Request[] {
  const { params: known, fields: all } = knownOf(one);
  const fields = { ...all, ...fieldsOf(route, one) };
  const params = { ...known, ...paramsOf(route, one) };
  const path = route.path.replaceAll(/[:*]([a-zA-Z]+)/g, (_all, name: string) => {
    const value: string | undefined = params[name];
    if (value === undefined) throw new Error(`the suite does not know a ${name}: say in known.ts where one comes from`);
    return value;
  });
  const [query] = route.query === undefined ? [{}] : sampleJson(schemaOf(route.query), fields);
  const search = new URLSearchParams(query as Record<string, string>).toString();
  // Nobody waits long for changes of drives that they may not see.
  const headers: Record<string, string> = {
    ...(route.service === 'sync' ? { 'driftbox-deadline-ms': '700' } : {}),
    ...(route.service === 'upload' ? tusHeaders : {}),
  };
  const request = { method: route.method, path: search === '' ? path : `${path}?${search}`, headers };
  return bodiesOf(route, fields).map(({ type, body }) =>
    body === undefined ? request : { ...request, headers: { ...headers, 'content-type': type }, body },
  );
}

/** What a route's body means by a name that means something else elsewhere. */
function fieldsOf({ name, auth, path }: Route, one: Resident): Record<string, unknown> {
  if (name === 'createInvitations') return { drive: one.shared.drive, group: one.groupId };
  // A friend is a member, and stays one.
  if (name === 'updateUser') return { role: 'member' };
  // Who is asked about here stays.
  if (name === 'removeUser') return { dryRun: true };
  // What becomes a drive is a folder.
  if (name === 'createDrive') return { entryId: one.folderId };
  // When mails come, and whether a webhook is on: no address, and no way back from an issuer.
  if (name === 'updatePreferences') return { email: undefined };
  if (name === 'updateWebhook') return { state: 'paused' };
  if (/\/(grants|members)$/.test(path)) return { email: one.friend.email };
  // Who is signed in names other people by their address; who is not, themselves.
  return auth === 'user' ? { email: () => `${randomUUID()}@example.com` } : {};
}

function paramsOf({ path }: Route, one: Resident): Record<string, string> {
  // What is asked for what is in an entry is asked of a folder, and what shared drives alone have of one.
  if (/:entry\/(children|descendants)$/.test(path)) return { entry: one.drive.rootId };
  if (path.includes('/:entry/files/')) return { entry: one.folderId };
  if (/invitation\/(accept|decline)$/.test(path)) return { invitation: one.received };
  // Whom an administrator signs out is here themselves, somewhere else.
  if (/:user\/(devices|sessions)\/:/.test(path)) return { user: one.claims.sub, ...one.elsewhere };
  if (path.startsWith('/v1/invitations')) return { invitation: one.sent };
  return /:drive(\/(grants|unshare)|$)/.test(path) ? { drive: one.shared.drive } : {};
}

function bodiesOf({ body, method }: Route, fields: Readonly<Record<string, unknown>>): { type: string; body: Uint8Array | undefined }[] {
  if (body === undefined) return [{ type: '', body: undefined }];
  if ('stream' in body) {
    const bytes = Buffer.from('bytes of nobody');
    return body.stream === 'frames'
      ? [{ type: framesMediaType, body: rawFrame(bytes) }]
      : [{ type: method === 'PATCH' ? 'application/offset+octet-stream' : 'application/octet-stream', body: bytes }];
  }
  return sampleJson(schemaOf(body), fields).map((json) => ({ type: 'application/json', body: Buffer.from(JSON.stringify(json)) }));
}

function schemaOf(schema: { toJSONSchema(options: object): unknown }): JsonSchema {
  return schema.toJSONSchema({ io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

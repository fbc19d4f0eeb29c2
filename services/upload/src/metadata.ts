import type { Client } from '@driftbox/api-client';
import type { Digest, DriveId, EntryId, TenantId } from '@driftbox/domain';
import { routes, type LinkClaims } from '@driftbox/protocol';
import { claimsOf, signServiceToken, type Actor } from '@driftbox/service-kit';

/** On whose behalf metadata is asked. `actor` is absent only for background work; `link` is what the call is confined to. */
export type Acting = {
  readonly tenantId: TenantId;
  readonly actor?: Actor | undefined;
  readonly link?: LinkClaims | undefined;
  /** What of a drive it is about, where a role on that alone is enough. */
  readonly entry?: EntryId | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** The metadata service as this one uses it. */
export type Metadata = {
  readonly client: Client;
  /** What every call carries: a service token naming this service, the tenant and the acting user. */
  readonly as: (acting: Acting) => { readonly token: () => Promise<string>; readonly signal?: AbortSignal | undefined };
};

/** Metadata behind a client, asked under the cell's service key. */
export function createMetadata(client: Client, serviceKey: string): Metadata {
  return {
    client,
    as: ({ tenantId, actor, link, signal }) => ({
      token: () => {
        const acting = { ...(actor === undefined ? {} : { act: claimsOf(actor) }), ...(link === undefined ? {} : { link }) };
        return signServiceToken(serviceKey, { caller: 'upload', tid: tenantId, ...acting });
      },
      ...(signal === undefined ? {} : { signal }),
    }),
  };
}

const digestsOfCall = 20_000;

/**
 * Which of these chunks and list blocks a retained revision of the drive references. Also the check of access: throws
 * `not_found` or `permission_denied`.
 */
export async function askPossession(
  metadata: Metadata,
  acting: Acting,
  drive: DriveId,
  verb: 'read' | 'write',
  digests: readonly Digest[],
): Promise<Set<Digest>> {
  const possessed = new Set<Digest>();
  for (let from = 0; from === 0 || from < digests.length; from += digestsOfCall) {
    const body = { verb, digests: digests.slice(from, from + digestsOfCall) };
    const answer = await metadata.client.call(routes.checkPossession, { ...metadata.as(acting), params: { drive }, body });
    for (const digest of answer.possessed) possessed.add(digest);
  }
  return possessed;
}

/**
 * Encoded list blocks that the drive possesses or that the upload brought, by digest; others are left out. For who may read the
 * drive, or `acting.entry`.
 */
export async function readSegments(
  metadata: Metadata,
  acting: Acting,
  drive: DriveId,
  digests: readonly Digest[],
  uploadId?: string,
): Promise<Map<Digest, Uint8Array>> {
  const blocks = new Map<Digest, Uint8Array>();
  for (let from = 0; from < digests.length; from += 1_000) {
    const body = { digests: digests.slice(from, from + 1_000), uploadId, entry: acting.entry };
    const answer = await metadata.client.call(routes.readSegments, { ...metadata.as(acting), params: { drive }, body });
    for (const { digest, bytes } of answer.segments) blocks.set(digest, Buffer.from(bytes, 'base64'));
  }
  return blocks;
}

/** Gives list blocks that came under one upload to another: a body says only at its end which upload it belongs to. */
export async function moveSegments(
  metadata: Metadata,
  acting: Acting,
  drive: DriveId,
  from: string,
  to: string,
  digests: Iterable<Digest>,
): Promise<void> {
  const all = [...digests];
  for (let at = 0; at < all.length; at += 100) {
    const blocks = await readSegments(metadata, acting, drive, all.slice(at, at + 100), from);
    await storeSegments(
      metadata,
      acting,
      drive,
      to,
      [...blocks].map(([digest, bytes]) => ({ digest, bytes })),
    );
  }
}

/** Keeps verified list blocks for a commit to come, in calls of bounded size. */
export async function storeSegments(
  metadata: Metadata,
  acting: Acting,
  drive: DriveId,
  uploadId: string,
  blocks: readonly { readonly digest: Digest; readonly bytes: Uint8Array }[],
): Promise<void> {
  for (let from = 0; from < blocks.length; from += 500) {
    const segments = blocks.slice(from, from + 500).map(({ digest, bytes }) => ({ digest, bytes: Buffer.from(bytes).toString('base64') }));
    await metadata.client.call(routes.storeSegments, {
      ...metadata.as(acting),
      params: { drive },
      body: { uploadId, segments, entry: acting.entry },
    });
  }
}

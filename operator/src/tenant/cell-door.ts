import type { TenantId } from '@driftbox/domain';
import type { ServiceName, TenantErasure, TenantIntent } from '@driftbox/protocol';

/** The services that keep the intent of a tenant, in the order in which they are told: from auth's answer on people may come. */
export const keepers = ['metadata', 'upload', 'auth'] as const satisfies ServiceName[];
export type Keeper = (typeof keepers)[number];

/** What a service knows of a tenant. `erased`: it has begun to erase it, or is done; nothing can be put any more. */
export type Kept = { readonly kind: 'absent' } | { readonly kind: 'erased' } | { readonly kind: 'kept'; readonly intent: TenantIntent };

/** Exact figures: bytes that people see, files, and people who have signed up. */
export type Usage = { readonly storageBytes: number; readonly files: number; readonly users: number };

/** How whole the content was found: each pack was verified then (ISO 8601) or later, or written; absent without packs. */
export type ContentState = { readonly verifiedSince?: string | undefined; readonly damagedChunks: number };

/** What the services of a cell know of one tenant. */
export type CellView = { readonly kept: Readonly<Record<Keeper, Kept>>; readonly usage: Usage; readonly content: ContentState };

/** What a service made of an intent. */
export type PutOutcome =
  | { readonly kind: 'put' }
  /** These hosts are held by a tenant that this operator does not know. */
  | { readonly kind: 'hostsTaken'; readonly hosts: readonly string[] }
  | { readonly kind: 'erased' };

/** What the gateway answered for a host: as it should be, or what else it said, for people. */
export type Probe =
  | { readonly host: string; readonly kind: 'serves' | 'suspended' }
  | { readonly host: string; readonly kind: 'failed'; readonly why: string };

/** The administrator's way into a cell. Everything is safe to repeat and throws where no answer came. */
export type CellDoor = {
  view(tenantId: TenantId, signal: AbortSignal): Promise<CellView>;
  put(keeper: Keeper, intent: TenantIntent, signal: AbortSignal): Promise<PutOutcome>;
  /** Works for some seconds; ask again until the answer says `erased`. */
  erase(service: ServiceName, tenantId: TenantId, signal: AbortSignal): Promise<TenantErasure>;
  /** Asks the gateway as somebody who comes to this host. */
  probe(host: string, signal: AbortSignal): Promise<Probe>;
};

/** Opens the door of a cell, or says what it waits for. */
export type OpenCell = (cell: string, signal: AbortSignal) => Promise<CellDoor | { readonly waitsFor: string }>;

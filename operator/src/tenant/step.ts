import type { ServiceName, TenantIntent } from '@driftbox/protocol';
import type { TenantBackup } from '../backup/tenant-backup.ts';
import type { Manifest, TenantRecord } from '@driftbox/resources';

/** One thing that a pass does for a Tenant. Each is safe to repeat, and may be the last that a process did. */
export type Step =
  /** Puts our finalizer on the Tenant: from then on it waits for us. */
  | { readonly do: 'protect' }
  /** Makes or updates the Cell of a dedicated tenant. */
  | { readonly do: 'cell'; readonly cell: Manifest }
  /** Deletes it. */
  | { readonly do: 'dropCell'; readonly name: string }
  /** Writes the record. `over` is the one that was seen; whoever changed it since wins. */
  | { readonly do: 'record'; readonly record: TenantRecord; readonly over: TenantRecord | undefined }
  | { readonly do: 'claim'; readonly host: string }
  | { readonly do: 'release'; readonly host: string }
  /** Reads the invitation of the first administrator, or makes it. */
  | { readonly do: 'invite'; readonly host: string }
  | { readonly do: 'uninvite' }
  /** Tells all services that keep it the intent; those that have erased the tenant are left out. */
  | { readonly do: 'register'; readonly intent: TenantIntent }
  /** Applies these routes, and removes others of ours. */
  | { readonly do: 'route'; readonly routes: readonly Manifest[] }
  | { readonly do: 'probe'; readonly hosts: readonly string[] }
  /** Asks for the last backup. */
  | { readonly do: 'backup'; readonly backup: TenantBackup }
  | { readonly do: 'erase'; readonly service: ServiceName }
  /** Takes our finalizer away: the Tenant goes. */
  | { readonly do: 'unprotect' };

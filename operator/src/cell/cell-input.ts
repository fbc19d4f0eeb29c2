import type { CellSpec } from '@driftbox/resources';
import type { CatalogueVersion } from '../catalogue.ts';
import type { SecretObject } from '../secret.ts';
import type { PoolAccess } from '../storage-pool/pool-access.ts';
import type { InnerCertificates } from './inner-certificates.ts';
import type { Master } from './master-secret.ts';
import type { KeyFiles } from './read-keys.ts';

/** How pods get images: settings of the operator itself, passed on to whatever it makes. */
export type ImageSource = { readonly registry: string; readonly pullSecrets: readonly string[] };

/** Values of Secrets of others, by key. */
export type Copied = Readonly<
  Partial<
    Record<
      | 'tracing'
      | 'probe'
      | 'postgres'
      | 'redis'
      | 'kafka'
      | `${'postgres' | 'kafka' | 'redis'}Authority`
      | `${'postgres' | 'redis'}Certificate`,
      Readonly<Record<string, string>>
    >
  >
>;

/** All that the objects of a cell follow from. The same input gives the same objects. */
export type CellInput = {
  readonly name: string;
  readonly spec: CellSpec;
  readonly master: Master;
  readonly keys: KeyFiles;
  /** The certificate for its domain, with its authority where that is not known to everybody; without one NGINX speaks plain HTTP. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly authority?: string | undefined } | undefined;
  /** By what its parts know one another; absent for a version that knows nothing of it. */
  readonly inner?: InnerCertificates | undefined;
  /** What is in the Secrets that the spec names for these; each is absent where the spec does not name one. */
  readonly copied?: Copied;
  readonly version: CatalogueVersion;
  readonly pool: PoolAccess;
  /** Where a second copy of every pack goes, if there is one. */
  readonly mirror?: PoolAccess | undefined;
  readonly images: ImageSource;
  /** Those that `images` names, as they are in the operator's namespace. */
  readonly pullSecrets?: readonly SecretObject[];
  readonly operatorNamespace: string;
};

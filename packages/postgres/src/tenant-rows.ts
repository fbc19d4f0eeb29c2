/** A table whose rows of a tenant a backup keeps. Names and expressions go into SQL text: they are the service's own. */
export type TenantTable = {
  readonly name: string;
  /** The columns that its rows are read in order of, so that what did not change reads the same the next time. */
  readonly order: string;
  /** Columns that are not kept; a restored row has their default. */
  readonly without?: readonly string[];
  /** A jsonb expression that is laid over each row when it is restored. */
  readonly restored?: string;
};

/** What a service keeps of a tenant in backups. */
export type TenantRows = {
  /** Those that others refer to first. */
  readonly tables: readonly TenantTable[];
  /** A query of the digests, in hex and in order, of the chunks that these rows name; the tenant's rows are all that it sees. */
  readonly contents?: string;
  /** What follows from restored rows and is in no backup, as statements with the tenant as `$1`. */
  readonly derive?: readonly string[];
  /** Tables that are emptied before rows are restored in place of others, besides those above, first. */
  readonly emptied?: readonly string[];
  /** Tables that are in no backup and that a restore leaves as they are: of the cell, or of the moment. */
  readonly left?: readonly string[];
};

/**
 * One line of what is read of a tenant, as JSON. Rows have all columns but the tenant's; digests are those of chunks that the
 * rows name; the end says how many rows of each table there were, so that half of it is never taken for the whole.
 */
export type TenantLine =
  | { readonly table: string; readonly rows: readonly Readonly<Record<string, unknown>>[] }
  | { readonly contents: readonly string[] }
  | { readonly end: Readonly<Record<string, number>> };

/** What every object carries about itself. Times are RFC 3339 text, as on the wire. */
export type ObjectMeta = {
  readonly name: string;
  /** Absent for what belongs to the whole cluster. */
  readonly namespace?: string;
  readonly uid?: string;
  /** Opaque: may be compared for equality and handed back, nothing else. */
  readonly resourceVersion?: string;
  /** Counts changes of the spec. */
  readonly generation?: number;
  readonly creationTimestamp?: string;
  /** Set once somebody asked for its deletion; it goes when `finalizers` is empty. */
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
};

/** Any object of the API, as plain JSON: fields that nobody here knows stay where they are. */
export type KubeObject = { readonly apiVersion: string; readonly kind: string; readonly metadata: ObjectMeta };

/** One page of a list. */
export type ObjectPage<T extends KubeObject> = {
  readonly items: readonly T[];
  /** The state of the server that all pages of this list show. */
  readonly resourceVersion: string;
  /** For the next page; absent on the last one. */
  readonly continueToken: string | undefined;
};

/** A kind of object and where the API serves it. */
export type ResourceKind = {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The lower-case plural that stands in paths. */
  readonly plural: string;
  readonly namespaced: boolean;
};

/** `apiVersion` as objects of this kind carry it. */
export function apiVersionOf({ group, version }: Pick<ResourceKind, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

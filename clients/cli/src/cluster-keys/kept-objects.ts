import { LocalError } from '@driftbox/transfer';

/** A Secret, or the record of a tenant (a ConfigMap), as much of it as makes it again. */
export type KeptObject = {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of Secrets in base64, as the API has them. */
  readonly data: Readonly<Record<string, string>>;
  readonly type?: string;
};

/** What the API has, as far as it is read here. */
export type FoundObject = {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: boolean;
    readonly keyManager?: { readonly secret?: string; readonly transit?: object };
  };
};

const backupKey = 'driftbox-backup-key';

/**
 * Of what lies in the operator's namespace all that nobody can make again: what was made once for cells and pools, the keys that cells
 * name, the backup key, and the records of tenants. Throws `LocalError` where a cell has not got its own yet: without them an export would
 * be of no use.
 */
export function chooseKept(inNamespace: readonly FoundObject[], cells: readonly FoundObject[]): KeptObject[] {
  const deployed = cells.filter(({ spec }) => spec?.template !== true);
  const needed = deployed.flatMap(({ metadata: { name }, spec }) => {
    const keys = spec?.keyManager?.secret ?? `cell-${name}-keys`;
    return [`cell-${name}`, ...(spec?.keyManager?.transit === undefined ? [keys] : [])];
  });
  const kept = inNamespace.flatMap((one): KeptObject[] => {
    const { kind, metadata, type, data = {} } = one;
    const { name, labels = {} } = metadata;
    if (kind === 'ConfigMap') return labels['driftbox.io/part'] === 'tenant-record' ? [{ kind, name, labels, data }] : [];
    const isMaster = labels['driftbox.io/master-of'] !== undefined || labels['driftbox.io/master-of-pool'] !== undefined;
    if (kind !== 'Secret' || !(isMaster || name === backupKey || needed.includes(name))) return [];
    return [{ kind, name, labels, data, ...(type === undefined ? {} : { type }) }];
  });
  const there = new Set(kept.filter(({ kind }) => kind === 'Secret').map(({ name }) => name));
  const absent = needed.filter((name) => !there.has(name));
  if (absent.length > 0)
    throw new LocalError(`these Secrets of cells are not there: ${absent.join(', ')}; an export without them opens nothing`);
  return kept.toSorted((a, b) => `${a.kind}/${a.name}`.localeCompare(`${b.kind}/${b.name}`));
}

/** What an import makes of what is there already. Throws `LocalError` where something of that name holds something else. */
export function missingOf(kept: readonly KeptObject[], inNamespace: readonly FoundObject[]): readonly KeptObject[] {
  const found = new Map(inNamespace.map((one) => [`${one.kind}/${one.metadata.name}`, one]));
  const others = kept.filter(({ kind, name, data }) => {
    const there = found.get(`${kind}/${name}`);
    return there !== undefined && !isSame(data, there.data ?? {});
  });
  if (others.length > 0) {
    const names = others.map(({ kind, name }) => `${kind} ${name}`).join(', ');
    throw new LocalError(`there are others of these names already, with which data may be encrypted: ${names}; nothing was changed`);
  }
  return kept.filter(({ kind, name }) => !found.has(`${kind}/${name}`));
}

/** As manifests, for a namespace. */
export function manifestsOf(kept: readonly KeptObject[], namespace: string): object[] {
  return kept.map(({ kind, name, labels, data, type }) => ({
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace, labels },
    ...(type === undefined ? {} : { type }),
    data,
  }));
}

/** Reads what was kept from its text. Throws `LocalError` for a text of another format. */
export function parseKept(text: string): readonly KeptObject[] {
  const { format, objects } = Object(JSON.parse(text)) as { readonly format?: unknown; readonly objects?: readonly KeptObject[] };
  if (format !== 1 || !Array.isArray(objects)) throw new LocalError('it was written by another version of driftbox');
  return objects;
}

/** The other way round. */
export function writeKept(objects: readonly KeptObject[]): string {
  return JSON.stringify({ format: 1, objects });
}

function isSame(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

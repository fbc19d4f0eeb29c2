import { parseTenantId, type TenantId } from '@driftbox/domain';

/**
 * What is remembered of a tenant for ever, beside and after its resource. `live`: a Tenant has it. `retained`: the Tenant was
 * deleted, and all that it had is kept for one that adopts it. `erased`: all is gone, as `receipts` say. `abandoned`: its cell was
 * given up, and nobody knows what is left.
 */
export type TenantRecord = {
  readonly tenantId: TenantId;
  readonly state: 'live' | 'retained' | 'erased' | 'abandoned';
  /** The Tenant that has it, or had it last. */
  readonly tenant: { readonly name: string; readonly uid: string };
  readonly cell: string;
  readonly pool: string;
  /** The hosts that it has, or had last. */
  readonly hosts: readonly string[];
  /** What each service said that it erased, by service; JSON. */
  readonly receipts?: string;
  /** When it came to be `retained`, `erased` or `abandoned`; RFC 3339. */
  readonly endedAt?: string;
};

type Data = Readonly<Record<string, string>>;
const states: readonly string[] = ['live', 'retained', 'erased', 'abandoned'] satisfies TenantRecord['state'][];

/** A record as the data of its ConfigMap: one line for each thing, for people to read. */
export function writeRecord({ tenantId, state, tenant, cell, pool, hosts, receipts, endedAt }: TenantRecord): Data {
  return {
    tenantId,
    state,
    tenant: tenant.name,
    uid: tenant.uid,
    cell,
    pool,
    hosts: hosts.join(' '),
    ...(receipts === undefined ? {} : { receipts }),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

/** The other way round; `undefined` for data that is no record. */
export function parseRecord(data: Data | undefined): TenantRecord | undefined {
  const { tenantId = '', state = '', tenant: name = '', uid = '', cell = '', pool = '', hosts = '', receipts, endedAt } = data ?? {};
  const id = parseTenantId(tenantId);
  if (id === undefined || !states.includes(state)) return undefined;
  return {
    tenantId: id,
    state: state as TenantRecord['state'],
    tenant: { name, uid },
    cell,
    pool,
    hosts: hosts.split(' ').filter((host) => host !== ''),
    ...(receipts === undefined ? {} : { receipts }),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

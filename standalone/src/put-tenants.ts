import { createHash } from 'node:crypto';
import { createClient } from '@driftbox/api-client';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { routes, type SentBody } from '@driftbox/protocol';
import { tenantIntentOf } from '@driftbox/resources';
import { signServiceToken } from '@driftbox/service-kit';
import type { CellSecrets } from './cell-secrets.ts';
import type { Services } from './compose-services.ts';
import type { StandaloneConfig } from './config.ts';
import type { DataFolder } from './data-folder.ts';
import { issuersOfConfig, issuersOfTenant } from './issuers-of.ts';
import type { FiledTenant } from './tenant-files.ts';

/** A tenant that a file asked for. */
export type PutTenant = {
  readonly name: string;
  readonly tenantId: TenantId;
  readonly hosts: readonly string[];
  /** Makes its first administrator; only while nobody has signed up, and where the file names one. */
  readonly invitation: string | undefined;
};

/**
 * Brings the default tenant to its intent in every service, as an administrator of a cell would; safe to repeat, so it
 * is done on every start. Answers the invitation of the first administrator while nobody has signed up.
 */
export async function putDefaultTenant(services: Services, settings: StandaloneConfig, secrets: CellSecrets): Promise<string | undefined> {
  const tenantId = secrets.defaultTenant;
  const { DRIFTBOX_SIGN_UP: signUp } = settings.config;
  const issuers = issuersOfConfig(settings);
  return put(services, secrets, { tenantId, name: 'default', hosts: [], signUp, issuers, firstAdministrator: {} });
}

/** Brings the tenants of files to what they say, as `putDefaultTenant` does. Throws, naming the tenant, when one is refused. */
export async function putTenants(
  services: Services,
  secrets: CellSecrets,
  tenants: readonly FiledTenant[],
  folder: DataFolder,
): Promise<PutTenant[]> {
  const done: PutTenant[] = [];
  for (const { name, spec, quota } of tenants) {
    const tenantId = spec.adopt === undefined ? idOf(name, secrets) : tenantIdOf(spec.adopt);
    try {
      const invitation = await put(services, secrets, {
        ...tenantIntentOf(tenantId, name, spec, quota),
        issuers: await issuersOfTenant(spec, folder.secrets),
      });
      done.push({ name, tenantId, hosts: spec.hosts, invitation });
    } catch (cause) {
      throw new Error(`Tenant ${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
  return done;
}

async function put(services: Services, secrets: CellSecrets, body: SentBody<typeof routes.putTenantInAuth>): Promise<string | undefined> {
  const tenant = tenantIdOf(body.tenantId);
  const call = { params: { tenant }, body, token: () => signServiceToken(secrets.serviceKey, { caller: 'admin', tid: tenant }) };
  await createClient({ transport: services.metadata.transport }).call(routes.putTenantInMetadata, call);
  await createClient({ transport: services.upload.transport }).call(routes.putTenantInUpload, call);
  const { invitation } = await createClient({ transport: services.auth.transport }).call(routes.putTenantInAuth, call);
  return invitation;
}

/** The id of the tenant of that name: always the same on this data folder, another on every other. */
function idOf(name: string, { defaultTenant }: CellSecrets): TenantId {
  const bytes = createHash('sha256').update(`${defaultTenant}/${name}`).digest().subarray(0, 16);
  // Version 8 and its variant (RFC 9562): a UUID whose bits are its maker's own.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return tenantIdOf(bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
}

function tenantIdOf(text: string): TenantId {
  const id = parseTenantId(text);
  if (id === undefined) throw new Error(`${text} is no tenant id`);
  return id;
}

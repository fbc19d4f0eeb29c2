import { createClient } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import { signServiceToken } from '@driftbox/service-kit';
import type { CellSecrets } from './cell-secrets.ts';
import type { Services } from './compose-services.ts';
import type { StandaloneConfig } from './config.ts';

/**
 * Brings the default tenant to its intent in every service, as an administrator of a cell would; safe to repeat, so it
 * is done on every start. Answers the invitation of the first administrator while nobody has signed up.
 */
export async function putDefaultTenant(
  services: Services,
  { config }: StandaloneConfig,
  secrets: CellSecrets,
): Promise<string | undefined> {
  const tenant = secrets.defaultTenant;
  const token = () => signServiceToken(secrets.serviceKey, { caller: 'admin', tid: tenant });
  const call = {
    params: { tenant },
    body: { tenantId: tenant, name: 'default', hosts: [], signUp: config.DRIFTBOX_SIGN_UP, firstAdministrator: {} },
    token,
  };
  await createClient({ transport: services.metadata.transport }).call(routes.putTenantInMetadata, call);
  await createClient({ transport: services.upload.transport }).call(routes.putTenantInUpload, call);
  const { invitation } = await createClient({ transport: services.auth.transport }).call(routes.putTenantInAuth, call);
  return invitation;
}

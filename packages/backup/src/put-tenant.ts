import { routes, type TenantIntent } from '@driftbox/protocol';
import type { Cell } from './cell.ts';

/** Brings a tenant to an intent in every service that keeps one; auth last, so that people come when all is there. */
export async function putTenant(cell: Cell, whole: TenantIntent): Promise<void> {
  const { generation: _generation, firstAdministrator: _first, ...intent } = whole;
  // The secrets of issuers are in no backup: an issuer without its secret would only look as if it worked.
  const call = { params: { tenant: intent.tenantId }, body: { ...intent, issuers: [] } };
  await cell('metadata', intent.tenantId).call(routes.putTenantInMetadata, call);
  await cell('upload', intent.tenantId).call(routes.putTenantInUpload, call);
  await cell('auth', intent.tenantId).call(routes.putTenantInAuth, call);
}

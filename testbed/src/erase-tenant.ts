import { createClient, httpTransport } from '@driftbox/api-client';
import type { TenantId } from '@driftbox/domain';
import { tenantErasers, type ServiceName, type TenantErasure, type TenantEraser } from '@driftbox/protocol';
import { signServiceToken } from '@driftbox/service-kit';

/** Where every service of a cell is administered. */
export type FullDoor = { readonly internal: Readonly<Record<ServiceName, string>>; readonly serviceKey: string };

/** What one service says it has erased. */
export type Receipt = TenantErasure & { readonly service: ServiceName };

/** A tenant that takes more calls than this is larger than any test's. */
const mostCalls = 1_000;

/** Erases a suspended tenant in every service, as an administrator of the cell does. Answers all receipts once all is gone. */
export async function eraseTenant(cell: FullDoor, tenantId: TenantId): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (const route of tenantErasers) receipts.push({ service: route.service, ...(await eraseIn(cell, route, tenantId)) });
  return receipts;
}

async function eraseIn(cell: FullDoor, route: TenantEraser, tenantId: TenantId): Promise<TenantErasure> {
  const transport = httpTransport(cell.internal[route.service]);
  const client = createClient({ transport, token: () => signServiceToken(cell.serviceKey, { caller: 'admin', tid: tenantId }) });
  try {
    for (let call = 0; call < mostCalls; call += 1) {
      const answer = await client.call(route, { params: { tenant: tenantId } });
      if (answer.state === 'erased') return answer;
    }
    throw new Error(`${route.service} is still erasing`);
  } finally {
    transport.close();
  }
}

import type { TenantId } from '@driftbox/domain';
import type { Visit } from '../enter-link.ts';

type Visiting = {
  readonly tenantId: TenantId;
  readonly params: { readonly linkToken: string };
  readonly query?: { readonly pass?: string | undefined } | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly address: string;
  readonly signal: AbortSignal;
};

/** Who comes with a link, as the request says. */
export function visitOf({ tenantId, params, query, headers, address, signal }: Visiting): Visit {
  return { tenantId, token: params.linkToken, pass: query?.pass ?? headers['driftbox-link-pass'], address, signal };
}

import { defaultScheme } from '@driftbox/chunking';
import { defaultLimits, maxNameBytes } from '@driftbox/domain';
import { Problem, routes, servedVersions } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { findTenant } from '../store/find-tenant.ts';
import { listIssuers } from '../store/list-issuers.ts';

const limits = {
  nameBytes: maxNameBytes,
  pathDepth: defaultLimits.depth,
  fileBytes: defaultLimits.fileBytes,
  commitOperations: defaultLimits.operations,
  frameBodyBytes: routes.putChunks.maxBodyBytes,
  jsonBodyBytes: 2 ** 20,
};

/** Answers `getCapabilities`. */
export function bindGetCapabilities(context: Context): RouteBinding {
  return handle(routes.getCapabilities, async ({ tenantId }) => {
    const [tenant, issuers] = await context.database.transaction(
      tenantId,
      (tx) => Promise.all([findTenant(tx, tenantId), listIssuers(tx)]),
      { readOnly: true },
    );
    if (tenant === undefined) throw new Problem('not_found', 'There is no tenant of this name here');
    const signInWays = issuers.map(({ name, displayName }) => ({ name, displayName: displayName ?? name }));
    return { protocolVersions: [...servedVersions], chunkScheme: defaultScheme.id, signUp: tenant.signUp, signInWays, limits };
  });
}

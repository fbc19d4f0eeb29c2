import { createClient } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import {
  countLookups,
  createAuthenticator,
  createKeySource,
  followHosts,
  PolledRevocations,
  signServiceToken,
  type Loaded,
  type ServiceSurroundings,
} from '@driftbox/service-kit';
import type { ServiceProcess } from './open-process.ts';
import type { processSettings } from './process-settings.ts';

/** What a service knows of its cell. */
export type Cell = {
  readonly serviceKey: string;
  readonly revocations: PolledRevocations;
  /** What a service has around it: it verifies tokens by the keys that auth publishes and knows which were revoked, and whose a host is. */
  readonly surroundings: ServiceSurroundings;
};

/** Follows what auth, at `authUrl`, says of keys, revocations and hosts, until the process ends. */
export function joinCell(
  { name, log, registry, atEnd, reach }: Pick<ServiceProcess, 'name' | 'log' | 'registry' | 'atEnd' | 'reach'>,
  { config, secrets }: Loaded<typeof processSettings>,
  authUrl: string,
): Cell {
  const { DRIFTBOX_SERVICE_KEY: serviceKey, DRIFTBOX_OTHER_SERVICE_KEY: otherServiceKey } = secrets;
  const auth = createClient({ transport: reach(authUrl), token: () => signServiceToken(serviceKey, { caller: name }) });
  const keys = createKeySource({ fetch: () => auth.call(routes.getKeys), count: countLookups(registry, 'signing_keys') });
  const revocations = new PolledRevocations({
    fetch: (after) => auth.call(routes.listRevocations, { query: { after } }),
    onError: (error) => log.warn({ err: error }, 'revocations are stale'),
  });
  revocations.start();
  atEnd(() => revocations.stop());
  return {
    serviceKey,
    revocations,
    surroundings: {
      log,
      registry,
      authenticator: createAuthenticator({ keys, serviceKey, otherServiceKey, revocations, registry }),
      tenantOfHost: followHosts((host) => auth.call(routes.findTenantOfHost, { params: { host } }), {
        count: countLookups(registry, 'hosts'),
      }),
      limits: { trustedProxies: config.DRIFTBOX_TRUSTED_PROXIES },
    },
  };
}

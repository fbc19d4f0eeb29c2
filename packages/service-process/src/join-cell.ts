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
  type serviceKeySettings,
} from '@driftbox/service-kit';
import type { ServiceProcess } from './open-process.ts';

/** What a service knows of its cell. */
export type Cell = {
  readonly serviceKey: string;
  /** Verifies tokens by the keys that auth publishes, and knows which were revoked. */
  readonly authenticator: ReturnType<typeof createAuthenticator>;
  readonly revocations: PolledRevocations;
  /** Whose a host is, as auth says. */
  readonly tenantOfHost: ReturnType<typeof followHosts>;
};

/** Follows what auth, at `authUrl`, says of keys, revocations and hosts, until the process ends. */
export function joinCell(
  { name, log, registry, atEnd, reach }: Pick<ServiceProcess, 'name' | 'log' | 'registry' | 'atEnd' | 'reach'>,
  { DRIFTBOX_SERVICE_KEY: serviceKey, DRIFTBOX_OTHER_SERVICE_KEY: otherServiceKey }: Loaded<typeof serviceKeySettings>['secrets'],
  authUrl: string,
): Cell {
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
    authenticator: createAuthenticator({ keys, serviceKey, otherServiceKey, revocations, registry }),
    revocations,
    tenantOfHost: followHosts((host) => auth.call(routes.findTenantOfHost, { params: { host } }), {
      count: countLookups(registry, 'hosts'),
    }),
  };
}

import { serviceNames, type ServiceName } from '@driftbox/protocol';
import type { Services } from './compose-services.ts';

/** Where each service answers the cell's own routes: internal and administrative ones, health and metrics. */
export type InternalAddresses = Readonly<Record<ServiceName, string>>;

/**
 * Serves the routes that the public address hides, on loopback alone: for an administrator of this machine, and for a
 * gateway beside it. Every call needs a service token, so a port by itself opens nothing. `firstPort` 0 takes free ports.
 */
export async function listenInternal(services: Services, firstPort: number | undefined): Promise<InternalAddresses | undefined> {
  if (firstPort === undefined) return undefined;
  const addresses: [ServiceName, string][] = [];
  for (const [index, name] of serviceNames.entries()) {
    const { port } = await services[name].listenInternal({ host: '127.0.0.1', port: firstPort === 0 ? 0 : firstPort + index });
    addresses.push([name, `http://127.0.0.1:${port}`]);
  }
  return Object.fromEntries(addresses) as InternalAddresses;
}

import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { checkedLookup, type FoundAddress, type Resolve } from '@driftbox/service-kit';
import { mayReach, type Networks } from './check-address.ts';

/** How deliveries leave this process. */
export type SendOptions = { readonly networks: Networks; readonly resolve?: Resolve | undefined; readonly timeoutMs: number };

/** What became of one try: whatever is not 2xx, a redirect included, has not arrived. */
export type Sent =
  | { readonly kind: 'arrived'; readonly status: number }
  | { readonly kind: 'failed'; readonly status?: number | undefined; readonly error: string };

class Refused extends Error {}

/**
 * Sends one delivery over a connection of its own. The address that is checked is the one that is connected to;
 * redirects are not followed. Never throws; whatever is answered is not read beyond its status.
 */
export async function sendDelivery(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  { networks, resolve, timeoutMs }: SendOptions,
): Promise<Sent> {
  const target = new URL(url);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayReach(host, networks)) return { kind: 'failed', error: 'the address is private' };
  const lookup = checkedLookup((found) => reachable(found, networks), resolve);
  const signal = AbortSignal.timeout(timeoutMs);
  const options = { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) }, lookup, agent: false, signal };
  return new Promise((settle) => {
    const request = (target.protocol === 'https:' ? https : http).request(target, options, (response) => {
      const status = response.statusCode ?? 0;
      response.destroy();
      settle(status >= 200 && status < 300 ? { kind: 'arrived', status } : { kind: 'failed', status, error: `answered ${status}` });
    });
    request.on('error', (error) => settle({ kind: 'failed', error: signal.aborted ? 'did not answer in time' : reasonOf(error) }));
    request.end(body);
  });
}

/** What of the addresses of a name may be connected to. Throws `Refused` where there is none. */
function reachable(found: readonly FoundAddress[], networks: Networks): readonly [FoundAddress, ...FoundAddress[]] {
  const [first, ...others] = found.filter(({ address }) => mayReach(address, networks));
  if (first === undefined) throw new Refused('the name leads to no public address');
  return [first, ...others];
}

/** What the webhook's owner may know: an address inside would say what there is. */
function reasonOf(error: NodeJS.ErrnoException): string {
  if (error instanceof Refused) return error.message;
  return error.code === undefined ? 'could not be reached' : `could not be reached: ${error.code}`;
}

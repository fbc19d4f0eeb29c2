import { BlockList, isIP } from 'node:net';
import { isPublicAddress } from '@driftbox/service-kit';

/** Networks that may be reached although they are private. */
export type Networks = Pick<BlockList, 'check'>;

/** Reads networks such as `10.1.0.0/16`, joined by commas. Throws what names the one that is none. */
export function parseNetworks(text: string): Networks {
  const networks = new BlockList();
  for (const one of text.split(',').map((part) => part.trim())) {
    if (one === '') continue;
    const [, address = '', bits = ''] = /^([0-9a-fA-F:.]+)\/([0-9]{1,3})$/.exec(one) ?? [];
    const family = isIP(address);
    if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) throw new Error(`${one} is not a network such as 10.1.0.0/16`);
    networks.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  }
  return networks;
}

/** May a webhook connect to this address? To what is in the public internet, and to the networks that the administrator names. */
export function mayReach(address: string, networks: Networks): boolean {
  const family = isIP(address);
  return family !== 0 && (isPublicAddress(address) || networks.check(address, family === 4 ? 'ipv4' : 'ipv6'));
}

import { block, type Block } from './directive.ts';
import { publicServices, type GatewayInput } from './input.ts';

/** Shorter than the services keep idle connections, so that they never close one as a request arrives on it. */
const keepSeconds = 55;

/**
 * The replicas of each service. One that fails three times within five seconds is left out for five, but never all of them: in a
 * rolling restart the first may be back and left out still when the second goes. So each is its own backup too, for when nobody else
 * is left. Of verify none is left out: nothing passes without it, and asking it is repeatable.
 */
export function upstreams(input: GatewayInput): Block[] {
  const services = publicServices.map((name) => {
    const replicas = input.upstreams[name];
    return block(`upstream ${name}`, [
      `zone ${name} 256k;`,
      'least_conn;',
      ...replicas.map(({ address, weight }) => `server ${address} weight=${weight} max_fails=3 fail_timeout=5s;`),
      ...(replicas.length > 1 ? replicas.map(({ address, weight }) => `server ${address} weight=${weight} max_fails=0 backup;`) : []),
      ...keepAlive,
    ]);
  });
  const verify = block('upstream verify', ['zone verify 64k;', ...input.verify.map((one) => `server ${one} max_fails=0;`), ...keepAlive]);
  return [...services, verify];
}

const keepAlive = ['keepalive 64;', 'keepalive_requests 100000;', `keepalive_timeout ${keepSeconds}s;`];

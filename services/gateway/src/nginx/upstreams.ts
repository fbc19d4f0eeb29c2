import { block, type Block } from './directive.ts';
import { publicServices, type GatewayInput } from './input.ts';

/** Shorter than the services keep idle connections, so that they never close one as a request arrives on it. */
const keepSeconds = 55;

/**
 * The replicas of each service. One that fails three times within five seconds is left out for five; verify, which has
 * no replica, never is.
 */
export function upstreams(input: GatewayInput): Block[] {
  const services = publicServices.map((name) =>
    block(`upstream ${name}`, [
      `zone ${name} 256k;`,
      'least_conn;',
      ...input.upstreams[name].map(({ address, weight }) => `server ${address} weight=${weight} max_fails=3 fail_timeout=5s;`),
      ...keepAlive,
    ]),
  );
  return [...services, block('upstream verify', ['zone verify 64k;', `server ${input.verify} max_fails=0;`, ...keepAlive])];
}

const keepAlive = ['keepalive 64;', 'keepalive_requests 100000;', `keepalive_timeout ${keepSeconds}s;`];

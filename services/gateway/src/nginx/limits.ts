import { block, type Directive } from './directive.ts';
import type { GatewayInput } from './input.ts';

/** Zones by address, in the `http` block. One megabyte holds some 16,000 addresses; the oldest leave first. */
export function limitZones({ limits }: GatewayInput): Directive[] {
  return [
    // An IPv6 customer has a whole /64: its first 8 of 16 bytes count as the address.
    block('map $binary_remote_addr $driftbox_address', ['"~(?s)^(?<network>.{8}).{8}$" $network;', 'default $binary_remote_addr;']),
    `limit_req_zone $driftbox_address zone=address:16m rate=${limits.addressRequestsPerSecond}r/s;`,
    `limit_req_zone $driftbox_address zone=open:16m rate=${limits.openRequestsPerSecond}r/s;`,
    'limit_conn_zone $driftbox_address zone=connections:16m;',
    'limit_req_status 429;',
    'limit_conn_status 429;',
    'limit_req_log_level warn;',
    'limit_conn_log_level warn;',
  ];
}

/** The limits of one location. */
export function limitsOf({ limits }: GatewayInput, open: boolean): string[] {
  return [
    `limit_req zone=address burst=${limits.addressRequestBurst} nodelay;`,
    ...(open ? [`limit_req zone=open burst=${limits.openRequestBurst} nodelay;`] : []),
    `limit_conn connections ${limits.addressConnections};`,
  ];
}

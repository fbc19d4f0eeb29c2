import { routes, type Route } from '@driftbox/protocol';
import { block, type Block, type Directive } from './directive.ts';
import type { GatewayInput } from './input.ts';
import { routeLocation, socketLocation, verifyLocation } from './locations.ts';
import { errorPages, problemLocations } from './problem-location.ts';
import { groupRoutes } from './route-group.ts';
import { answerHeaders } from './security-headers.ts';

type Host = GatewayInput['hosts'][number];
type Listener = GatewayInput['listeners'][number];

const serving = ({ kind }: Listener): boolean => kind !== 'redirect';

function listen({ address, kind }: Listener, more = ''): string {
  return `listen ${address}${kind === 'tls' ? ' ssl http2' : ''}${more};`;
}

/** What every server block needs to answer by itself. */
function ownAnswers({ hstsSeconds }: GatewayInput): Directive[] {
  return [...errorPages(), ...problemLocations(hstsSeconds)];
}

/** True where a listener is for any host, so that there are no strangers. */
function isForAny({ kind }: Listener, { anyHost }: GatewayInput): boolean {
  return anyHost && kind === 'plain';
}

/** One group of names: all routes, and nothing for any other path. The first also has the names that nobody listed. */
function hostServer(host: Host, input: GatewayInput): Block {
  const { certificate, key } = host;
  const isFirst = host === input.hosts[0];
  return block('server', [
    ...input.listeners.filter(serving).map((listener) => listen(listener, isFirst && isForAny(listener, input) ? ' default_server' : '')),
    `server_name ${host.names.join(' ')};`,
    ...(certificate === undefined || key === undefined ? [] : shown(certificate, key, input)),
    ...ownAnswers(input),
    // A path that NGINX and a service could read differently is nobody's.
    block('if ($driftbox_odd_path)', ['return 404;']),
    ...answerHeaders(input.hstsSeconds),
    block('location /', ['set $driftbox_route unknown;', 'client_max_body_size 0;', 'return 404;']),
    verifyLocation(input),
    socketLocation(input),
    ...groupRoutes(Object.values<Route>(routes)).map((group) => routeLocation(group, input)),
  ]);
}

/** NGINX keeps what it has read, unless the name of a file may be another each time. */
function shown(certificate: string, key: string, { renewsCertificates }: GatewayInput): Directive[] {
  const anew = renewsCertificates ? '$driftbox_anew' : '';
  return [`ssl_certificate ${certificate}${anew};`, `ssl_certificate_key ${key}${anew};`];
}

/** Names that are not served: no handshake for them, and `not_found` for a host that differs from the handshake's. */
function strangerServers(input: GatewayInput): Block[] {
  const listeners = input.listeners.filter((listener) => serving(listener) && !isForAny(listener, input));
  if (listeners.length === 0) return [];
  const stranger = block('server', [
    ...listeners.map((listener) => listen(listener, ' default_server')),
    'server_name _;',
    ...(listeners.some(({ kind }) => kind === 'tls') ? ['ssl_reject_handshake on;'] : []),
    ...ownAnswers(input),
    block('location /', ['set $driftbox_route unknown;', 'return 404;']),
  ]);
  return [stranger];
}

/** Sends who comes without TLS to the same place with it, under served names only. */
function redirectServers(input: GatewayInput): Block[] {
  const listeners = input.listeners.filter(({ kind }) => kind === 'redirect');
  if (listeners.length === 0) return [];
  const names = input.hosts.flatMap((host) => host.names).join(' ');
  return [
    block('server', [...listeners.map((listener) => listen(listener)), `server_name ${names};`, 'return 308 https://$host$request_uri;']),
    block('server', [
      ...listeners.map((listener) => listen(listener, ' default_server')),
      'server_name _;',
      ...ownAnswers(input),
      block('location /', ['return 404;']),
    ]),
  ];
}

/** Health and connection counts, for the cell. */
function statusServer(address: string): Block {
  return block('server', [
    `listen ${address};`,
    'access_log off;',
    block('location = /healthz', ['default_type text/plain;', "return 200 'ok';"]),
    block('location = /stub_status', ['stub_status;']),
    block('location /', ['return 404;']),
  ]);
}

/** Every server block. */
export function servers(input: GatewayInput): Block[] {
  return [
    ...strangerServers(input),
    ...input.hosts.map((host) => hostServer(host, input)),
    ...redirectServers(input),
    ...(input.status === undefined ? [] : [statusServer(input.status)]),
  ];
}

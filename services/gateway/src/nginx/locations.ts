import { hintsPath, type ServiceName } from '@driftbox/protocol';
import { headerNames, verifyPath } from '../verdict-headers.ts';
import { block, type Block } from './directive.ts';
import type { GatewayInput } from './input.ts';
import { limitsOf } from './limits.ts';
import type { RouteGroup } from './route-group.ts';

/** NGINX's matcher for a path of the route table: `=` where it is fixed, otherwise a pattern over whole segments. */
export function matcherOf(path: string): string {
  const fixed = !/[:*]/.test(path);
  if (fixed) return `= ${path}`;
  const segments = path.split('/').map((segment) => {
    if (segment.startsWith(':')) return '[^/]+';
    return segment.startsWith('*') ? '.+' : segment.replaceAll('.', '\\.');
  });
  // (?s): a name may hold a line break.
  return `~ "(?s)^${segments.join('/')}$"`;
}

/**
 * A trace is called as its request is, so that what a person is shown finds it; what a client sends is nothing to go by. Whether
 * it is kept is for each service to judge, so the flag says no.
 */
const traceHeaders = ['proxy_set_header traceparent "00-$request_id-$driftbox_step-00";', 'proxy_set_header tracestate "";'];

/** What every request to a service carries: its own name of the client, the request and the host, whatever the client claims. */
const forwarded = [
  'proxy_set_header Host $host;',
  'proxy_set_header X-Forwarded-For $remote_addr;',
  'proxy_set_header X-Request-Id $request_id;',
  ...traceHeaders,
  'proxy_set_header DriftBox-Deadline-Ms $driftbox_deadline;',
];

/** To one of the replicas of a service, which must prove its name where it is asked by TLS. */
function passTo(service: ServiceName, { upstreamTls }: GatewayInput): string[] {
  if (upstreamTls === undefined) return [`proxy_pass http://${service};`];
  return [`proxy_ssl_name ${upstreamTls.names[service]};`, `proxy_pass https://${service};`];
}

/** The location of one path. */
export function routeLocation(group: RouteGroup, input: GatewayInput): Block {
  const { path, service, methods, auth, maxBodyBytes, streamsIn, streamsOut, open } = group;
  const { timeouts } = input;
  return block(`location ${matcherOf(path)}`, [
    `set $driftbox_route "${path}";`,
    block(`if ($request_method !~ "^(${methods.join('|')})$")`, ['return 404;']),
    ...limitsOf(input, open),
    `client_max_body_size ${maxBodyBytes};`,
    ...(streamsIn ? ['proxy_request_buffering off;'] : [`client_body_buffer_size ${Math.max(maxBodyBytes, 8192)};`]),
    ...(streamsOut ? ['proxy_buffering off;'] : []),
    `proxy_read_timeout ${streamsIn || streamsOut ? timeouts.streamSeconds : timeouts.answerSeconds}s;`,
    ...(auth === 'user' ? verified : []),
    ...forwarded,
    `proxy_set_header Authorization ${auth === 'user' ? '$driftbox_authorization' : '""'};`,
    'proxy_set_header Connection "";',
    ...passTo(service, input),
  ]);
}

/** Asks verify, and keeps what it says for the log, for the service, and for the answer to who is refused. */
const verified = [
  `auth_request /${verifyPath.slice(1)};`,
  ...(['tenant', 'user', 'exchanged', 'refusal'] as const).map(
    (name) => `auth_request_set $driftbox_${name} $upstream_http_${headerNames[name].replaceAll('-', '_')};`,
  ),
  `auth_request_set $driftbox_wait $upstream_http_${headerNames.retryAfter.replaceAll('-', '_')};`,
];

/** The location of the hints' websocket. It is reached without a token: sync asks for one over the socket. */
export function socketLocation(input: GatewayInput): Block {
  return block(`location ~ "^${hintsPath}/?$"`, [
    `set $driftbox_route "${hintsPath}";`,
    block('if ($request_method != GET)', ['return 404;']),
    ...limitsOf(input, false),
    'client_max_body_size 1024;',
    `proxy_read_timeout ${input.timeouts.socketSeconds}s;`,
    'proxy_buffering off;',
    ...forwarded,
    'proxy_set_header Upgrade $http_upgrade;',
    'proxy_set_header Connection $driftbox_connection;',
    // One that is about to stop takes no more sockets, and says so: another one does.
    'proxy_next_upstream error timeout invalid_header http_503;',
    ...passTo('sync', input),
  ]);
}

/** Where NGINX asks verify: one header of the client's goes along, the rest is NGINX's own word. */
export function verifyLocation({ timeouts }: GatewayInput): Block {
  return block(`location = ${verifyPath}`, [
    'internal;',
    `proxy_pass http://verify${verifyPath};`,
    'proxy_method GET;',
    'proxy_pass_request_body off;',
    'proxy_pass_request_headers off;',
    'proxy_set_header Host $host;',
    'proxy_set_header Authorization $http_authorization;',
    'proxy_set_header X-Forwarded-For $remote_addr;',
    'proxy_set_header X-Request-Id $request_id;',
    ...traceHeaders,
    'proxy_set_header Content-Length "";',
    // The question has no body, but NGINX measures it by the request's own.
    'client_max_body_size 0;',
    'proxy_set_header Connection "";',
    // Room for an exchanged token in the answer's head.
    'proxy_buffer_size 16k;',
    `proxy_read_timeout ${Math.min(10, timeouts.answerSeconds)}s;`,
  ]);
}

import { quoted, type Directive } from './directive.ts';
import type { GatewayInput } from './input.ts';

/** Fields of a line and where their values come from. Numbers that NGINX may leave out are text. */
const fields: readonly (readonly [name: string, value: string])[] = [
  ['time', '"$time_iso8601"'],
  ['service', '"gateway"'],
  ['requestId', '"$request_id"'],
  // The path itself would tell what people call their files, and the tokens of signed URLs: the route's pattern does not.
  ['route', '"$driftbox_route"'],
  ['method', '"$request_method"'],
  ['status', '"$status"'],
  ['seconds', '$request_time'],
  ['receivedBytes', '$request_length'],
  ['sentBytes', '$bytes_sent'],
  ['address', '"$remote_addr"'],
  ['host', '"$host"'],
  ['protocol', '"$server_protocol"'],
  ['tls', '"$ssl_protocol"'],
  ['tenantId', '"$driftbox_tenant"'],
  ['userId', '"$driftbox_user"'],
  ['refusal', '"$driftbox_refusal"'],
  ['upstream', '"$upstream_addr"'],
  ['upstreamStatus', '"$upstream_status"'],
  ['upstreamSeconds', '"$upstream_response_time"'],
];

/** The access log: one JSON object a line, without paths, queries, headers or tokens. */
export function accessLog({ accessLog: file }: GatewayInput): Directive[] {
  const line = `{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`;
  return [`log_format driftbox escape=json ${quoted(line)};`, `access_log ${file} driftbox;`];
}

// Loaded (`--import`) by a process that reaches the tenants of a test by name: what ends in `.test` is in no DNS (RFC 6761), and is
// this machine.
import dns from 'node:dns';

const resolve = dns.lookup as (host: string, ...rest: unknown[]) => void;

dns.lookup = ((host: string, ...rest: unknown[]) => {
  resolve(host.endsWith('.test') ? '127.0.0.1' : host, ...rest);
}) as typeof dns.lookup;

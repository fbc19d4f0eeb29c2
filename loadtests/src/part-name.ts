import path from 'node:path';

const programs: Readonly<Record<string, string>> = {
  java: 'kafka',
  minio: 'minio',
  nginx: 'nginx',
  'redis-server': 'redis',
  k6: 'k6',
};

/** Services are called as in the route table; the gateway's program beside NGINX is `verify` there. */
const services: Readonly<Record<string, string>> = { gateway: 'verify' };

/** Which part of a target a process is, by the words of its command line: `upload`, `postgres`, `kafka`. */
export function partName(words: readonly string[]): string {
  const [command = '', ...args] = words;
  // PostgreSQL's processes say what they do in place of their command line.
  if (/^postgres(:|$)/.test(path.basename(command.split(' ')[0] ?? ''))) return 'postgres';
  // Redis names its address, and NGINX what a process of it does.
  const program = path.basename(command.replace(/ \S+:\d+.*$/, '').split(':')[0] ?? '');
  if (program !== 'node') return programs[program] ?? program;
  const entry = args.find((word) => word.endsWith('.ts')) ?? '';
  const service = /services\/([a-z-]+)\/src\/main\.ts$/.exec(entry)?.[1];
  if (service !== undefined) return services[service] ?? service;
  return /([a-z-]+)\/(?:src\/)?main\.ts$/.exec(entry)?.[1] ?? 'node';
}

/** Parts that are DriftBox itself, whose memory and sockets must not grow with time. */
export const ownParts: readonly string[] = ['standalone', 'auth', 'metadata', 'upload', 'sync', 'share', 'notification', 'verify'];

/** Parts that are the load, not what is loaded. */
export const loadParts: readonly string[] = ['k6', 'loadtests', 'stack'];

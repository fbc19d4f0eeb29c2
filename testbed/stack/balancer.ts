import type { ServiceName } from '@driftbox/protocol';
import { freePorts, startNginx } from '@driftbox/testkit';
import { nginxCommand } from '../components/servers/nginx.ts';
import type { Keep } from './start-backends.ts';

/** The internal ports of each service's replicas. */
export type InternalPorts = Readonly<Record<ServiceName, readonly number[]>>;

/**
 * One address for all replicas of a service, as a cluster's own network gives it to whoever is in the cell: services call
 * each other, and verify them, through it. Answers the address of each.
 */
export async function startBalancer(folder: string, ports: InternalPorts, keep: Keep): Promise<Readonly<Record<ServiceName, string>>> {
  const services = Object.entries(ports);
  const own = await freePorts(services.length);
  const blocks = services.map(([name, replicas], index) => blockOf(name, own[index] ?? 0, replicas));
  keep(await startNginx(nginxCommand(), folder, blocks.join('\n')));
  return Object.fromEntries(services.map(([name], index) => [name, `http://127.0.0.1:${own[index]}`])) as Record<ServiceName, string>;
}

/** One address for the nodes of an S3 cluster, any of which serves all of it. Answers it. */
export async function balanceS3(folder: string, nodes: readonly string[], keep: Keep): Promise<string> {
  const [port = 0] = await freePorts(1);
  const ports = nodes.map((node) => Number(new URL(node).port));
  keep(await startNginx(nginxCommand(), folder, blockOf('s3', port, ports)));
  return `http://127.0.0.1:${port}`;
}

function blockOf(name: string, port: number, replicas: readonly number[]): string {
  // None is left out: one that has gone refuses at once, and the next is asked.
  const servers = replicas.map((replica) => `server 127.0.0.1:${replica} max_fails=0;`);
  return `
  upstream ${name} { least_conn; ${servers.join(' ')} keepalive 32; }
  server {
    listen 127.0.0.1:${port};
    client_max_body_size 0;
    location / {
      proxy_pass http://${name};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_request_buffering off;
      proxy_buffering off;
      proxy_connect_timeout 2s;
      proxy_read_timeout 300s;
    }
  }`;
}

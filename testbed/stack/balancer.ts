import type { ServiceName } from '@driftbox/protocol';
import { freePorts, startNginx, type Certificate } from '@driftbox/testkit';
import { nginxCommand } from '../components/servers/nginx.ts';
import type { Keep } from './start-backends.ts';

/** The internal ports of each service's replicas. */
export type InternalPorts = Readonly<Record<ServiceName, readonly number[]>>;

/**
 * One address for all replicas of a service, as a cluster's own network gives it to whoever is in the cell: services call
 * each other, and verify them, through it. Answers the address of each. With a certificate, which is for `localhost` and certifies itself,
 * both it and the replicas are asked by TLS.
 */
export async function startBalancer(
  folder: string,
  ports: InternalPorts,
  keep: Keep,
  certificate?: Certificate,
): Promise<Readonly<Record<ServiceName, string>>> {
  const services = Object.entries(ports);
  const own = await freePorts(services.length);
  const blocks = services.map(([name, replicas], index) => blockOf(name, own[index] ?? 0, replicas, certificate));
  keep(await startNginx(nginxCommand(), folder, blocks.join('\n')));
  const host = certificate === undefined ? 'http://127.0.0.1' : 'https://localhost';
  return Object.fromEntries(services.map(([name], index) => [name, `${host}:${own[index]}`])) as Record<ServiceName, string>;
}

/** One address for the nodes of an S3 cluster, any of which serves all of it. Answers it. */
export async function balanceS3(folder: string, nodes: readonly string[], keep: Keep): Promise<string> {
  const [port = 0] = await freePorts(1);
  const ports = nodes.map((node) => Number(new URL(node).port));
  keep(await startNginx(nginxCommand(), folder, blockOf('s3', port, ports)));
  return `http://127.0.0.1:${port}`;
}

function blockOf(name: string, port: number, replicas: readonly number[], certificate?: Certificate): string {
  // None is left out: one that has gone refuses at once, and the next is asked.
  const servers = replicas.map((replica) => `server 127.0.0.1:${replica} max_fails=0;`);
  const shown = certificate === undefined ? '' : `ssl_certificate ${certificate.cert}; ssl_certificate_key ${certificate.key};`;
  const trusted = `proxy_ssl_trusted_certificate ${certificate?.cert}; proxy_ssl_verify on; proxy_ssl_protocols TLSv1.3;`;
  return `
  upstream ${name} { least_conn; ${servers.join(' ')} keepalive 32; }
  server {
    listen 127.0.0.1:${port}${certificate === undefined ? '' : ' ssl'};
    ${shown}
    client_max_body_size 0;
    location / {
      proxy_pass ${certificate === undefined ? 'http' : 'https'}://${name};
      ${certificate === undefined ? '' : trusted}
      proxy_ssl_name localhost;
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

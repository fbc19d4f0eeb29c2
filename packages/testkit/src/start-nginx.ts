import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from './free-port.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';
import type { TestComponents } from './test-components.ts';

/** A real NGINX with a configuration of the caller's. */
export type NginxServer = ServerProcess & {
  /** Where the server blocks may put files and find `conf.d`-style includes: the prefix of relative paths. */
  readonly folder: string;
  /** Takes the configuration as it now is on disk, without dropping connections. */
  reload(): void;
};

/**
 * Starts NGINX in `folder` with `http` as the content of its `http` block. A server block of its own, on a loopback port
 * that only this function knows, says who it is: another NGINX on the same ports is never taken for this one.
 */
export async function startNginx(program: TestComponents['nginx'], folder: string, http: string): Promise<NginxServer> {
  const identity = randomUUID();
  const port = await freePort();
  await mkdir(path.join(folder, 'temp'), { recursive: true });
  await writeFile(path.join(folder, 'nginx.conf'), configuration(http, port, identity));
  const server = await startServerProcess({
    name: 'nginx',
    command: program.command,
    args: ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'],
    env: program.env,
    folder,
    port,
    isReady: async () => (await (await fetch(`http://127.0.0.1:${port}/`)).text()) === identity,
  });
  return { ...server, folder, reload: () => void process.kill(server.pid, 'SIGHUP') };
}

function configuration(http: string, port: number, identity: string): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `  ${kind}_temp_path temp/${kind};`);
  return `daemon off;
pid nginx.pid;
error_log stderr warn;
worker_processes 2;
worker_shutdown_timeout 10s;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 512; }
http {
${paths.join('\n')}
  access_log off;
  server { listen 127.0.0.1:${port}; location / { default_type text/plain; return 200 "${identity}"; } }
${http}
}
`;
}

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts, temporaryFolder } from '@driftbox/testkit';
import { startPart, type Part } from '../stack/part.ts';
import { serviceKeyOf } from './add-tenant.ts';
import { keepTestLogs } from './keep-logs.ts';
import type { OpenServer } from './open-server.ts';
import { certificateFile } from './print-gateway.ts';
import { accessLines, prepareGateway, startVerify } from './start-gateway.ts';

/** NGINX and verify as processes of their own, in front of a server that they reach over HTTP alone. */
export type GatewayProcess = {
  /** Without TLS, as behind an ingress; and with the certificate in `certificateFile`, for names: `localhost` has to be among them. */
  readonly plain: string;
  readonly tls: string;
  readonly certificateFile: string;
  /** Where NGINX asks verify. */
  readonly verify: string;
  readonly nginx: Part;
  /** What NGINX has complained of. */
  complaints(): Promise<string>;
  accessLines(): Promise<Record<string, unknown>[]>;
  /** What NGINX has written aside, which should be nothing. */
  temporaryFiles(): Promise<string[]>;
  close(): Promise<void>;
};

/** What a server has to be opened with to stand behind a gateway. */
export const behindGateway = { DRIFTBOX_INTERNAL_PORT: '0', DRIFTBOX_TRUSTED_PROXIES: '1' };

/** Starts a gateway for these host names. The server must have been opened with `behindGateway`. */
export async function startGatewayProcess(server: OpenServer, names: readonly string[]): Promise<GatewayProcess> {
  const { internal } = server.process();
  if (internal === undefined) throw new Error('open the server with `behindGateway`');
  const folder = await temporaryFolder();
  const [plain, tls] = await freePorts(2);
  const verify = await startVerify({ folder: folder.path, serviceKey: await serviceKeyOf(server.dataFolder), internal });
  const start = await prepareGateway({
    folder: folder.path,
    listeners: [
      { address: `127.0.0.1:${plain}`, kind: 'plain' },
      { address: `127.0.0.1:${tls}`, kind: 'tls' },
    ],
    names,
    verify: verify.address,
    upstreams: Object.fromEntries(Object.keys(internal).map((name) => [name, [new URL(server.address).host]])),
  });
  const nginx = await startPart('gateway', start);
  return {
    plain: `http://127.0.0.1:${plain}`,
    tls: `https://localhost:${tls}`,
    certificateFile,
    verify: `http://${verify.address}`,
    nginx,
    complaints: () => readFile(path.join(folder.path, 'gateway.log'), 'utf8'),
    accessLines: () => accessLines(folder.path),
    temporaryFiles: async () => {
      const all = await Promise.all(['client_body', 'proxy'].map((kind) => readdir(path.join(folder.path, kind), { recursive: true })));
      return all.flat();
    },
    close: async () => {
      await nginx.stop();
      await verify.stop();
      await keepTestLogs(folder.path);
      await folder.remove();
    },
  };
}

import path from 'node:path';
import { processTree } from '@driftbox/processes';
import { routes } from '@driftbox/protocol';
import { signUpByApi } from '../../src/api-user.ts';
import { behindGateway, startGatewayProcess } from '../../src/gateway-process.ts';
import { memoryOfClient } from '../../src/grown-memory.ts';
import { openServer } from '../../src/open-server.ts';
import { writeSeededFile } from '../../src/seeded-bytes.ts';
import { startTusClient } from '../../src/start-tus-client.ts';
import type { Point } from '../point.ts';

const sizeBytes = 2 ** 30;
/** What row 21 of the benchmarks grants each process. */
const mayGrowBytes = 160e6;

/** A large file by the unmodified client of tus; NGINX's processes are looked at as well as the server. */
export const tusMemory: Point = {
  number: 9,
  promise: 'a file of 1 GiB comes by tus through NGINX in bounded memory, and nothing is written aside',
  show: async () => {
    const server = await openServer(behindGateway);
    const gateway = await startGatewayProcess(server, ['localhost', '127.0.0.1']);
    try {
      const file = path.join(server.folder, 'large.bin');
      await writeSeededFile(file, 8, sizeBytes);
      const user = await signUpByApi(gateway.plain, 'ada');
      const { drive } = user.drive;
      const name = path.basename(file);
      const { process } = startTusClient({ address: gateway.plain, drive, token: user.accessToken, file, path: name });
      const pids = [server.process().pid, ...processTree(gateway.nginx.pid())];
      const { seconds, client, server: most } = await memoryOfClient(pids, process, 'the client of tus');
      const entry = await user.client.call(routes.resolvePath, { params: { drive }, query: { path: name } });
      const aside = await gateway.temporaryFiles();
      const isWhole = entry.kind === 'file' && entry.sizeBytes === sizeBytes;
      const [ofServer, ofClient] = [most.mostBytes - most.firstBytes, client.mostBytes];
      return {
        holds: isWhole && aside.length === 0 && ofServer <= mayGrowBytes,
        figure:
          `${seconds.toFixed(0)} s; the server or NGINX grew by ${megabytes(ofServer)} (may by ${megabytes(mayGrowBytes)}), ` +
          `the client had ${megabytes(ofClient)}; ${isWhole ? 'whole' : 'not whole'}, ${aside.length} files written aside`,
      };
    } finally {
      await gateway.close();
      await server.close();
    }
  },
};

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

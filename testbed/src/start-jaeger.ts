import { mkdir } from 'node:fs/promises';
import { freePorts, startServerProcess, type ServerProcess } from '@driftbox/testkit';

/** The newest so many traces are kept, in memory. */
const mostTraces = 5_000;

/** A Jaeger that keeps traces. */
export type JaegerServer = ServerProcess & {
  /** Where it is asked: `GET /api/traces/TRACE`, and `GET /api/traces?service=NAME`. */
  readonly url: string;
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
};

/** Starts Jaeger on free ports of 127.0.0.1, its log in `folder`. */
export async function startJaeger({ command, folder }: { readonly command: string; readonly folder: string }): Promise<JaegerServer> {
  const [port = 0, otlp = 0, health = 0] = await freePorts(3);
  const url = `http://127.0.0.1:${port}`;
  await mkdir(folder, { recursive: true });
  const at = (name: string, on = 0): string => `--${name}.host-port=127.0.0.1:${on}`;
  const server = await startServerProcess({
    name: 'jaeger',
    command,
    args: [
      at('query.http-server', port),
      at('query.grpc-server'),
      at('collector.otlp.http', otlp),
      at('collector.otlp.grpc'),
      at('collector.http-server'),
      at('collector.grpc-server'),
      at('admin.http', health),
      `--memory.max-traces=${mostTraces}`,
      '--log-level=warn',
    ],
    folder,
    port,
    isReady: async () => (await fetch(`http://127.0.0.1:${health}/`)).ok && (await fetch(`${url}/api/services`)).ok,
  });
  return { ...server, url, endpoint: `http://127.0.0.1:${otlp}` };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { componentOf } from '../components/components.ts';
import { installComponents } from '../components/install-components.ts';
import { jaegerCommand } from '../components/servers/jaeger.ts';
import { startJaeger } from '../src/start-jaeger.ts';
import { tracingFromHere } from '../src/tracing-from-here.ts';

/** What keeps the traces of a stack. */
export type KeptTraces = {
  /** Where it is asked for them. */
  readonly url: string;
  /** By these, processes send it all of theirs. */
  readonly tracing: Readonly<Record<string, string>>;
  /** To be called after the stack's end, at which its processes send their last. */
  stop(): Promise<void>;
};

/**
 * Starts what keeps the traces of a stack that is about to be started, and installs it first where it is missing: minutes, once.
 * `undefined` where traces go to a collector of whoever starts the stack, and, with a line to `report`, where it cannot be had here.
 */
export async function startTraces(report: (line: string) => void): Promise<KeptTraces | undefined> {
  const own = tracingFromHere();
  if (own['OTEL_EXPORTER_OTLP_ENDPOINT'] !== undefined) return undefined;
  const [installed] = await installComponents([componentOf('jaeger')], report);
  if (installed?.status !== 'ready') {
    report(`traces are not kept: ${installed?.reason}`);
    return undefined;
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'driftbox-traces-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const { url, endpoint, stop } = await startJaeger({ command: jaegerCommand(), folder });
    const all = { OTEL_TRACES_SAMPLER_ARG: '1', OTEL_BSP_SCHEDULE_DELAY: '1000', ...own, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
    const end = async (): Promise<void> => {
      await stop();
      await remove();
    };
    return { url, tracing: all, stop: end };
  } catch (error) {
    await remove();
    throw error;
  }
}

import path from 'node:path';
import { startScript } from '../../src/start-script.ts';
import { interleave, secondsOf } from '../interleave.ts';
import type { Row } from '../row.ts';

const rounds = 6;

/** Row 24: one process of each service in turn, from being started until it says that it is ready, its connections included. */
export const serviceStart: Row = {
  row: 24,
  name: 'service cold start to ready',
  unit: 's',
  judged: 'ratio',
  better: 'lower',
  must: 8,
  aim: 3,
  measure: async (world) => {
    const services = Object.values(world.stack().replicas).map(([first]) => first!);
    const said: string[] = [];
    const start = async (round: number): Promise<number> => {
      const service = services[round % services.length]!;
      await service.stop();
      const seconds = await secondsOf(() => service.start());
      said.push(`${service.name} ${seconds.toFixed(2)} s`);
      return seconds;
    };
    const bare = (): Promise<number> =>
      secondsOf(async () => (await startScript(path.join(import.meta.dirname, '../baseline/bare-server.ts'))).close());
    return { ...(await interleave(rounds, start, bare)), note: said.join(', ') };
  },
};

import { expect, test } from '@jest/globals';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { createLogger } from '../logger.ts';
import { toldExporter } from './told-exporter.ts';

test('a collector that is away is told of once, again after a minute, and once when it is back', () => {
  const lines: string[] = [];
  const log = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  let [nowMs, isAway] = [0, false];
  const exporter = toldExporter(
    {
      export: (_, answer) => answer(isAway ? { code: 1, error: new Error('refused') } : { code: 0 }),
      shutdown: async () => {},
    },
    log,
    () => nowMs,
  );
  const send = (atMs: number, fails: boolean): void => {
    [nowMs, isAway] = [atMs, fails];
    exporter.export([{} as ReadableSpan, {} as ReadableSpan], () => {});
  };
  send(0, false);
  for (const atMs of [1_000, 2_000, 60_999, 61_000]) send(atMs, true);
  for (const atMs of [62_000, 63_000]) send(atMs, false);
  send(64_000, true);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ level: 'warn', reason: 'refused', lost: 2, msg: 'traces could not be sent' }),
    expect.objectContaining({ level: 'warn', reason: 'refused', lost: 8, msg: 'traces could not be sent' }),
    expect.objectContaining({ level: 'info', lost: 8, msg: 'traces are sent again' }),
    expect.objectContaining({ level: 'warn', reason: 'refused', lost: 2, msg: 'traces could not be sent' }),
  ]);
});

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseDriveId, parseTenantId } from '@driftbox/domain';
import { newId, waitFor } from '@driftbox/testkit';
import { currentTraceparent, installTracer, tracedRoot, type SpanStart } from '@driftbox/tracing';
import type { Hint, HintBus } from './index.ts';

/**
 * What every hint bus must do. Hints may be lost, so a test that waits for one publishes until it arrives. `open` makes
 * a bus; two that it makes reach each other where hints travel between processes.
 */
export function hintBusConformance(name: string, open: () => Promise<HintBus>): void {
  let bus: HintBus;
  const hintOf = (seq: number): Hint => ({ tenantId: newId(parseTenantId), drive: newId(parseDriveId), driveEpoch: randomUUID(), seq });
  /** Publishes it until `seen` has it. */
  const publishUntilSeen = (hint: Hint, seen: readonly Hint[]): Promise<unknown> =>
    waitFor(() => {
      bus.publish(hint);
      return seen.some(({ drive }) => drive === hint.drive);
    });

  beforeEach(async () => void (bus = await open()));
  afterEach(() => bus.close());

  describe(`${name}`, () => {
    test('a hint reaches every listener as it was published', async () => {
      const seen: Hint[][] = [[], []];
      for (const list of seen) await bus.subscribe((hint) => void list.push(hint));
      const hint = hintOf(7);
      for (const list of seen) await publishUntilSeen(hint, list);
      for (const list of seen) expect(list.find(({ drive }) => drive === hint.drive)).toEqual(hint);
    });

    test('a hint is heard as a step of what sent it', async () => {
      const spans: SpanStart[] = [];
      const nothing = (): void => {};
      installTracer({
        start: (span) => {
          const traceparent = `step ${spans.push(span)}`;
          return { traceId: 'a'.repeat(32), traceparent, set: nothing, rename: nothing, fail: nothing, end: nothing };
        },
      });
      try {
        const heard: (string | undefined)[] = [];
        await bus.subscribe(() => void heard.push(currentTraceparent()));
        const commit = { name: 'commit', kind: 'internal', attributes: {} } as const;
        await waitFor(async () => {
          await tracedRoot(commit, undefined, async () => bus.publish(hintOf(1)));
          return heard.length > 0;
        });
        const nameOf = (step: string | undefined): string | undefined => spans[Number(step?.slice(5)) - 1]?.name;
        expect(nameOf(heard[0])).toBe('hear hint');
        expect(['commit', 'publish hint']).toContain(nameOf(spans.find(({ name: of }) => of === 'hear hint')?.parent));
      } finally {
        installTracer(undefined);
      }
    });

    test('publishing never throws, with no listener, a listener that throws, or a closed bus', async () => {
      bus.publish(hintOf(1));
      await bus.subscribe(() => {
        throw new Error('a careless listener');
      });
      const seen: Hint[] = [];
      await bus.subscribe((hint) => void seen.push(hint));
      await publishUntilSeen(hintOf(2), seen);
      await bus.close();
      bus.publish(hintOf(3));
    });

    test('no listener runs inside publish', async () => {
      let inside = false;
      const during: boolean[] = [];
      await bus.subscribe(() => void during.push(inside));
      await waitFor(() => {
        inside = true;
        bus.publish(hintOf(1));
        inside = false;
        return during.length > 0;
      });
      expect(new Set(during)).toEqual(new Set([false]));
    });

    test('a stopped subscription hears nothing more, and leaves the others alone', async () => {
      const stopped: Hint[] = [];
      const going: Hint[] = [];
      const listener = (hint: Hint): void => void stopped.push(hint);
      const first = await bus.subscribe(listener);
      await bus.subscribe((hint) => void going.push(hint));
      await publishUntilSeen(hintOf(1), stopped);
      await first.stop();
      const before = stopped.length;
      await publishUntilSeen(hintOf(2), going);
      expect(stopped.length).toBe(before);
    });

    test('the newest of many hints of one drive arrives when it is published last and again', async () => {
      const seen: number[] = [];
      await bus.subscribe(({ seq }) => void seen.push(seq));
      const hint = hintOf(0);
      for (let seq = 1; seq <= 1_000; seq += 1) bus.publish({ ...hint, seq });
      await waitFor(() => {
        bus.publish({ ...hint, seq: 1_001 });
        return seen.includes(1_001);
      });
    });
  });
}

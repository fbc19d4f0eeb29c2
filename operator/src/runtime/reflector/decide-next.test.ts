import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import type { RefusalKind } from '../api/answer.ts';
import type { WatchEnd } from '../api/watch-event.ts';
import { decideNext, type Ended, type Progress } from './decide-next.ts';

const backoff = { firstMs: 800, mostMs: 30_000, jitter: 0.5 };
const refusalOf = (kind: RefusalKind, retryAfterMs?: number) => ({ kind, code: 500, reason: '', message: '', retryAfterMs });
const watched = (end: WatchEnd, more: Partial<Extract<Ended, { kind: 'watched' }>> = {}): Ended => ({
  kind: 'watched',
  end,
  position: '9',
  events: 0,
  lastedMs: 5,
  ...more,
});
const at = (failures: number): Progress => ({ position: '7', failures });
const next = (progress: Progress, ended: Ended) => decideNext(progress, ended, backoff, () => 0);

describe('after a list', () => {
  test('it watches from there, at once', () => {
    expect(next({ position: undefined, failures: 0 }, { kind: 'listed', resourceVersion: '5' })).toEqual({
      progress: { position: '5', failures: 0 },
      afterMs: 0,
    });
  });

  test('that was refused, it waits longer each time, at least as long as the server asks', () => {
    const ended: Ended = { kind: 'listRefused', refusal: refusalOf('tooManyRequests', 9_000) };
    expect(next({ position: undefined, failures: 0 }, ended)).toEqual({ progress: { position: undefined, failures: 1 }, afterMs: 9_000 });
    expect(next({ position: undefined, failures: 4 }, ended).afterMs).toBe(12_800);
  });
});

describe('after a watch', () => {
  test('that the server closed in good order, or that was silent too long, it goes on at once from the last event', () => {
    for (const end of [{ kind: 'idle' }, { kind: 'closed' }] as const) {
      expect(next(at(3), watched(end, { lastedMs: 60_000 }))).toEqual({ progress: { position: '9', failures: 0 }, afterMs: 0 });
    }
  });

  test('that the server closes as soon as it is open, it does not storm', () => {
    expect(next(at(1), watched({ kind: 'closed' }))).toEqual({ progress: { position: '9', failures: 2 }, afterMs: 1_600 });
  });

  test('whose version is too old it lists at once, and waits if that repeats', () => {
    const once = next(at(0), watched(refusalOf('gone')));
    expect(once).toEqual({ progress: { position: undefined, failures: 1 }, afterMs: 0 });
    const listed = next(once.progress, { kind: 'listed', resourceVersion: '8' });
    expect(next(listed.progress, watched(refusalOf('gone')))).toEqual({ progress: { position: undefined, failures: 2 }, afterMs: 800 });
  });

  test('that was cut it goes on from the last event after a wait', () => {
    const cut = watched({ kind: 'cut', cause: new Error('reset') }, { events: 3 });
    expect(next(at(5), cut)).toEqual({ progress: { position: '9', failures: 1 }, afterMs: 800 });
  });

  test('that made no sense it lists', () => {
    expect(next(at(0), watched({ kind: 'garbled', cause: new Error('?') })).progress.position).toBeUndefined();
  });

  test('that is refused again and again from one position, it gives the position up', () => {
    let step = next(at(0), watched(refusalOf('failed')));
    expect(step.progress.position).toBe('9');
    step = next(step.progress, watched(refusalOf('failed')));
    step = next(step.progress, watched(refusalOf('failed')));
    expect(step.progress.position).toBeUndefined();
  });

  test('that cannot be opened because the server is away, it keeps its position for as long as that lasts', () => {
    let progress = at(0);
    for (let time = 0; time < 50; time += 1) progress = next(progress, watched(refusalOf('unreachable'))).progress;
    expect(progress).toEqual({ position: '9', failures: 50 });
  });
});

const kinds: readonly RefusalKind[] = [
  'badRequest',
  'unauthorized',
  'forbidden',
  'notFound',
  'gone',
  'tooManyRequests',
  'failed',
  'timedOut',
];
const ends: fc.Arbitrary<WatchEnd> = fc.oneof(
  fc.constantFrom<WatchEnd>({ kind: 'closed' }, { kind: 'idle' }, { kind: 'cut', cause: 0 }, { kind: 'garbled', cause: 0 }),
  fc.tuple(fc.constantFrom(...kinds), fc.option(fc.nat(1_000), { nil: undefined })).map(([kind, ms]) => refusalOf(kind, ms)),
);

test('however long nothing goes right, the pauses of any three steps in a row are no storm, and none is longer than half a minute', () => {
  fc.assert(
    fc.property(fc.array(ends, { minLength: 8, maxLength: 60 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (sequence, chance) => {
      let progress: Progress = { position: '1', failures: 0 };
      const pauses = sequence.map((end) => {
        const ended: Ended =
          progress.position === undefined
            ? { kind: 'listed', resourceVersion: '2' }
            : watched(end, { lastedMs: end.kind === 'idle' ? 90_000 : 5 });
        const step = decideNext(progress, ended, backoff, () => chance);
        progress = step.progress;
        // What an idle watch has cost of time counts: it is not the pause that keeps it from storming.
        return Math.max(step.afterMs, ended.kind === 'watched' && ended.end.kind === 'idle' ? 90_000 : 0);
      });
      pauses.slice(3).forEach((_pause, index) => {
        const four = pauses.slice(index, index + 4);
        expect(Math.max(...four)).toBeGreaterThanOrEqual(400);
      });
      expect(Math.max(...pauses.filter((ms) => ms !== 90_000))).toBeLessThanOrEqual(30_000);
    }),
  );
});

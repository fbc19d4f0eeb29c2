import { afterEach, describe, expect, test } from '@jest/globals';
import {
  formatTraceparent,
  installTracer,
  parseTraceparent,
  currentTraceparent,
  startRoot,
  traced,
  tracedRoot,
  type SpanStart,
} from './index.ts';

type Seen = SpanStart & { readonly said: string[] };

function install(): Seen[] {
  const seen: Seen[] = [];
  installTracer({
    start(span) {
      const one = { ...span, said: [] as string[] };
      const number = String(seen.push(one));
      return {
        traceId: 'a'.repeat(32),
        traceparent: `parent-${number}`,
        set: (attributes) => void one.said.push(JSON.stringify(attributes)),
        rename: (name) => void one.said.push(name),
        fail: (type) => void one.said.push(`failed ${type}`),
        end: () => void one.said.push('ended'),
      };
    },
  });
  return seen;
}

afterEach(() => installTracer(undefined));

const about = { name: 'step', kind: 'client', attributes: {} } as const;

describe('steps', () => {
  test('are not made without a tracer, and work is done all the same', async () => {
    expect(await tracedRoot(about, undefined, async () => currentTraceparent() ?? 'none')).toBe('none');
    expect(await traced(about, async () => 1)).toBe(1);
    expect(startRoot(about)).toBeUndefined();
  });

  test('belong to the one they are done in, across waiting', async () => {
    const seen = install();
    await tracedRoot({ ...about, name: 'outer' }, 'from-elsewhere', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await traced({ ...about, name: 'inner' }, async () => undefined);
    });
    expect(seen.map(({ name, parent, said }) => ({ name, parent, said }))).toEqual([
      { name: 'outer', parent: 'from-elsewhere', said: ['ended'] },
      { name: 'inner', parent: 'parent-1', said: ['ended'] },
    ]);
  });

  test('of nothing are none', async () => {
    const seen = install();
    expect(await traced(about, async () => 1)).toBe(1);
    expect(seen).toEqual([]);
  });

  test('that fail say by which error, never its words', async () => {
    const seen = install();
    const failed = tracedRoot(about, undefined, async () => Promise.reject(new TypeError('/home/ada/secret.txt')));
    await expect(failed).rejects.toThrow('secret');
    expect(seen[0]?.said).toEqual(['failed TypeError', 'ended']);
  });

  test('begin their work at once: what is sent in order stays in order', () => {
    install();
    const order: number[] = [];
    void tracedRoot(about, undefined, async () => void order.push(1));
    order.push(2);
    expect(order).toEqual([1, 2]);
  });
});

describe('the header of a trace', () => {
  const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];

  test('is read as it is written', () => {
    for (const sampled of [true, false]) {
      expect(parseTraceparent(formatTraceparent({ traceId, spanId, sampled }))).toEqual({ traceId, spanId, sampled });
    }
  });

  test.each([
    undefined,
    '',
    'nonsense',
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `01-${traceId}-${spanId}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
  ])('is not %j', (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });
});

import { installTracer, type SpanStart } from '@driftbox/tracing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keyOf, TerminalError, type Reconcile } from './runtime/index.ts';
import { tracePass, traceProgram } from './trace-pass.ts';

type Seen = SpanStart & { readonly said: string[] };

let seen: Seen[];
beforeEach(() => {
  seen = [];
  installTracer({
    start(span) {
      const one: Seen = { ...span, said: [] };
      const traceparent = `step-${seen.push(one)}`;
      const fail = (type: string): void => void one.said.push(`failed ${type}`);
      return { traceId: 'a'.repeat(32), traceparent, set: () => {}, rename: () => {}, fail, end: () => void one.said.push('ended') };
    },
  });
});
afterEach(() => installTracer(undefined));

const key = keyOf({ namespace: 'system', name: 'eu' });
const context = { signal: new AbortController().signal, id: '1' };
const pass = (reconcile: Reconcile) => tracePass('Cell', reconcile)(key, context);

test('each pass is a trace of its own, with the runs of Helm in it as steps', async () => {
  const withHelm: Reconcile = () => traceProgram('helm', 'upgrade', async () => ({ kind: 'settled' as const }));
  expect(await pass(withHelm)).toEqual({ kind: 'settled' });
  await pass(withHelm);
  const attributes = { 'k8s.object.kind': 'Cell', 'k8s.object.name': 'eu' };
  expect(seen.map(({ name, parent, said }) => [name, parent, said])).toEqual([
    ['reconcile Cell', undefined, ['ended']],
    ['helm upgrade', 'step-1', ['ended']],
    ['reconcile Cell', undefined, ['ended']],
    ['helm upgrade', 'step-3', ['ended']],
  ]);
  expect(seen[0]?.attributes).toEqual(attributes);
});

test('a pass that fails is told by the kind of its error, never by its words, and fails as before', async () => {
  const failing: Reconcile = () => Promise.reject(new TerminalError('the password is hunter2'));
  await expect(pass(failing)).rejects.toThrow('hunter2');
  expect(seen.map(({ said }) => said)).toEqual([['failed TerminalError', 'ended']]);
  expect(JSON.stringify(seen)).not.toContain('hunter2');
});

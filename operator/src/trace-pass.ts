import { isTracing, traced, tracedRoot } from '@driftbox/tracing';
import { placeOf, type Reconcile } from './runtime/index.ts';

/** The same reconciling, each pass a trace of its own. */
export function tracePass(kind: string, reconcile: Reconcile): Reconcile {
  return (key, context) => {
    if (!isTracing()) return reconcile(key, context);
    const attributes = { 'k8s.object.kind': kind, 'k8s.object.name': placeOf(key).name };
    return tracedRoot({ name: `reconcile ${kind}`, kind: 'internal', attributes }, undefined, () => reconcile(key, context));
  };
}

/** A run of a program as a step of the pass that asked for it; `verb` is its first argument. */
export function traceProgram<T>(program: string, verb: string, run: () => Promise<T>): Promise<T> {
  return traced({ name: `${program} ${verb}`, kind: 'client', attributes: {} }, run);
}

import type { ObjectMeta } from './runtime/index.ts';

/** By labels of these domains tools know what they have applied, and remove what they have not. */
const toolDomains = /(^|\.)(kubernetes\.io|helm\.sh|argoproj\.io|fluxcd\.io)$/;

/**
 * The labels of an object that pass on to what is made for it, so that whoever looks after the one, and no other operator, looks after the
 * other; without those by which Helm, Argo CD or Flux would take it for theirs, and prune it.
 */
export function passedOnLabels({ labels = {} }: Pick<ObjectMeta, 'labels'>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !toolDomains.test(name.split('/').slice(0, -1).join('/'))));
}

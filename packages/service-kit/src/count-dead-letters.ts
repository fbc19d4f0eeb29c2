import { Counter, type Registry } from 'prom-client';

/** Registers the count of dead letters; what it answers is to be called for each. To be called once for a registry. */
export function countDeadLetters(registry: Registry): () => void {
  const counter = new Counter({
    name: 'driftbox_dead_letters_total',
    help: 'Events that were tried so often that they were given up, and kept: each is something that stays undone until it is replayed',
    registers: [registry],
  });
  return () => counter.inc();
}

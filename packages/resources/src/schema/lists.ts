import { z } from 'zod';
import { ruled } from './rule.ts';

/** A list without order in which nothing is twice. */
export function setOf<Item extends z.ZodString | z.ZodEnum>(item: Item, min: number, max: number) {
  return ruled(z.array(item).min(min).max(max).meta({ 'x-kubernetes-list-type': 'set' }), {
    on: 'every write',
    message: 'has something twice',
    holds: (self) => new Set(self).size === self.length,
  });
}

/** A list of things that one of their fields names, each edited by itself. */
export function namedList<Item extends z.ZodObject>(item: Item, key: string & keyof z.output<Item>, max: number) {
  return ruled(
    z
      .array(item)
      .max(max)
      .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] }),
    {
      on: 'every write',
      message: `has two of one ${key}`,
      holds: (self) => new Set(self.map((one) => one[key])).size === self.length,
    },
  );
}

/** A list in order, written as a whole. */
export function orderedList<Item extends z.ZodType>(item: Item, min: number, max: number) {
  return z.array(item).min(min).max(max).meta({ 'x-kubernetes-list-type': 'atomic' });
}

/** Labels by which objects are chosen. */
export function labels(max: number) {
  return ruled(z.record(z.string(), z.string().max(63)).meta({ maxProperties: max }), {
    on: 'every write',
    message: `has more than ${max} labels`,
    holds: (self) => Object.keys(self).length <= max,
  });
}

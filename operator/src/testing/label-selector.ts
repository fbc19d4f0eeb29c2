import type { StoredObject } from './object-store.ts';

/** Which objects are meant. */
export type Matches = (object: StoredObject | undefined) => boolean;

/** Reads a selector of the form `a=b,c=d`; undefined for one that cannot be read. */
export function readSelector(text: string | null): Matches | undefined {
  if (text === null || text === '') return (object) => object !== undefined;
  const pairs = text.split(',').map((pair) => pair.split('='));
  if (!pairs.every(([key, value, ...rest]) => key !== '' && value !== undefined && rest.length === 0)) return undefined;
  return (object) => object !== undefined && pairs.every(([key = '', value]) => object.metadata.labels?.[key] === value);
}

import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';

/** An address that a name leads to; `family` is 4 or 6. */
export type FoundAddress = { readonly address: string; readonly family: number };
/** Where names lead. */
export type Resolve = (host: string) => Promise<readonly FoundAddress[]>;

/**
 * A lookup for `http.request` that connects only to what `check` leaves, and never where it throws. The name is looked up once, within
 * connecting: one that leads elsewhere a moment later (DNS rebinding) gains nothing. Node's own resolver where none is given.
 */
export function checkedLookup(
  check: (found: readonly FoundAddress[], host: string) => readonly [FoundAddress, ...FoundAddress[]],
  resolve: Resolve = (host) => systemLookup(host, { all: true }),
): LookupFunction {
  return (host, options, callback) => {
    const answer = async (): Promise<void> => {
      const found = await resolve(host)
        .then((all) => check(all, host))
        .catch((error: Error) => error);
      if (found instanceof Error) callback(found, '');
      else if (options.all === true) callback(null, [...found]);
      else callback(null, found[0].address, found[0].family);
    };
    void answer();
  };
}

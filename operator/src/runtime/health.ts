/** Something that runs for as long as the process does, as a reflector, a controller or an elector. */
export type Loop = {
  /** Why it runs no more, in a sentence; undefined while all is well. */
  readonly failure: string | undefined;
};

/** Something that must have happened before the process is of use. */
export type Readiness = { readonly name: string; readonly hasSynced: boolean };

/** What a probe is told. */
export type Health = { readonly isWell: boolean; readonly text: string };

/**
 * Whether this process still does what it is for; if not, only a restart helps. An API server that is away is no reason: a restart
 * would not bring it back, and would empty the caches.
 */
export function checkLoops(loops: readonly Loop[]): Health {
  const failures = loops.flatMap(({ failure }) => failure ?? []);
  return failures.length === 0 ? { isWell: true, text: 'ok' } : { isWell: false, text: failures.join('\n') };
}

/** Whether the caches have been filled once; a standby is ready too. */
export function checkSynced(parts: readonly Readiness[]): Health {
  const missing = parts.filter(({ hasSynced }) => !hasSynced).map(({ name }) => name);
  return missing.length === 0 ? { isWell: true, text: 'ready' } : { isWell: false, text: `not yet listed: ${missing.join(', ')}` };
}

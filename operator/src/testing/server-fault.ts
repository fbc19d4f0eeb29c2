/** What goes wrong with a request. Faults of a watch may strike once it is open. */
export type ServerFault =
  /** Answered with this status instead. */
  | { readonly kind: 'status'; readonly code: 409 | 410 | 429 | 500 | 503; readonly retryAfterSeconds?: number }
  /** The connection is reset before anything is answered. */
  | { readonly kind: 'reset' }
  /** No answer ever comes, and the connection stays open. */
  | { readonly kind: 'silence' }
  /** The answer comes so much later. */
  | { readonly kind: 'late'; readonly byMs: number }
  /** The watch is reset within its next event. */
  | { readonly kind: 'cutWithinEvent' }
  /** The watch says nothing more, and its connection stays open. */
  | { readonly kind: 'halfOpen' }
  /** The watch is told within the stream that its version is too old. */
  | { readonly kind: 'expire' };

/** Decides the fate of each request; undefined lets it be. */
export type FaultOf = (request: { readonly method: string; readonly isWatch: boolean }) => ServerFault | undefined;

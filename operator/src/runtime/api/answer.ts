/**
 * Why the API did not do what was asked. `gone`: the resource version or continue token is too old. `timedOut` and
 * `unreachable`: no answer came, so it may have been done all the same. `failed`: any 5xx.
 */
export type RefusalKind =
  | 'badRequest'
  | 'unauthorized'
  | 'forbidden'
  | 'notFound'
  | 'alreadyExists'
  | 'conflict'
  | 'gone'
  | 'invalid'
  | 'tooManyRequests'
  | 'failed'
  | 'timedOut'
  | 'unreachable';

/** A refusal with what the server said about it. */
export type Refusal = {
  readonly kind: RefusalKind;
  /** The HTTP status; 0 where no answer came. */
  readonly code: number;
  /** The server's own word, such as `AlreadyExists`; may be empty. */
  readonly reason: string;
  /** A sentence for people; may be empty. */
  readonly message: string;
  /** How long the server asks callers to stay away. */
  readonly retryAfterMs?: number | undefined;
};

/** What a request comes to. */
export type Answer<T> = { readonly kind: 'ok'; readonly value: T } | Refusal;

/** A refusal where the caller had no use for one: thrown by `expectOk`. */
export class ApiRefused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, doing: string) {
    super(`${doing}: ${refusal.message || refusal.reason || refusal.kind}`);
    this.name = 'ApiRefused';
    this.refusal = refusal;
  }
}

/** The value; throws `ApiRefused`, which says what was being done, for anything else. */
export function expectOk<T>(answer: Answer<T>, doing: string): T {
  if (answer.kind === 'ok') return answer.value;
  throw new ApiRefused(answer, doing);
}

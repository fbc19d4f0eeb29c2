/** A request as the pipeline sees it, whichever door it came through. */
export type Incoming = {
  readonly method: string;
  /** What follows the `?`, still percent-encoded. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly address: string;
  /** The body's bytes, once. */
  body(): AsyncIterable<Uint8Array>;
  /** Calls back once if the client leaves before it has the whole answer. */
  onGone(callback: () => void): void;
};

/** An answer on its way to a door. A stream must be read to its end or returned. */
export type Outgoing = {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
};

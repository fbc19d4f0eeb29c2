import { routes } from '@driftbox/protocol';
import type { SignedIn } from '@driftbox/protocol';
import type { Client, TokenSource } from './client.ts';
import { noRetry } from './retry.ts';

/** What a session must remember: the newest pair of tokens. */
export type Tokens = Pick<SignedIn, 'accessToken' | 'expiresAt' | 'refreshToken' | 'refreshExpiresAt'>;

/** Where tokens are kept. Several processes may share one store. */
export type TokenStore<T extends Tokens = Tokens> = {
  /** The tokens as they are now; `undefined` when signed out. */
  read(): Promise<T | undefined>;
  /**
   * Runs `change` on the tokens as they are now while nobody else, in any process, changes them, and keeps what it answers
   * before letting go. Needed because a refresh token works once: two processes that used one would end the session.
   */
  exchange(change: (current: T | undefined) => Promise<T | undefined>): Promise<T | undefined>;
};

/** What a session is kept with; `marginMs` is a minute if not given. */
export type SessionOptions<T extends Tokens> = {
  readonly store: TokenStore<T>;
  /** A client without a token of its own. */
  readonly client: Client;
  /** An access token that expires sooner than this is refreshed first. */
  readonly marginMs?: number;
  readonly now?: () => number;
};

/** A signed-in session: `token` goes to `createClient`. */
export type Session = { readonly token: TokenSource };

/**
 * Keeps access tokens fresh. However many calls ask at once, one refresh is sent; and when another process has refreshed
 * meanwhile, its tokens are taken instead. A refresh is never repeated by itself: if its answer is lost, the token may be
 * used up. `token` answers `undefined` when signed out and throws the server's problem when the session has ended.
 */
export function createSession<T extends Tokens>(options: SessionOptions<T>): Session {
  const { store, client, marginMs = 60_000, now = Date.now } = options;
  let cached: T | undefined;
  let refreshing: Promise<T | undefined> | undefined;

  const usable = (tokens: T | undefined, refused: string | undefined): boolean =>
    tokens !== undefined && tokens.accessToken !== refused && Date.parse(tokens.expiresAt) - marginMs > now();

  const refresh = (refused: string | undefined): Promise<T | undefined> =>
    store.exchange(async (current) => {
      if (current === undefined || usable(current, refused)) return current;
      const { accessToken, expiresAt, refreshToken, refreshExpiresAt } = await client.call(routes.refreshToken, {
        body: { refreshToken: current.refreshToken },
        retry: noRetry,
      });
      return { ...current, accessToken, expiresAt, refreshToken, refreshExpiresAt };
    });

  const token: TokenSource = async (refused) => {
    if (usable(cached, refused)) return cached?.accessToken;
    const stored = await store.read();
    if (usable(stored, refused)) cached = stored;
    else {
      refreshing ??= refresh(refused).finally(() => (refreshing = undefined));
      cached = await refreshing;
    }
    return cached?.accessToken;
  };
  return { token };
}

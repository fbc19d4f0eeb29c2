import { createHash } from 'node:crypto';
import { openSealed, seal } from '../seal.ts';

/** A sign-in that was begun and not yet answered. The browser keeps it, sealed, so that only that browser can end it. */
export type SignInState = {
  readonly tenantId: string;
  readonly issuer: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Where the issuer sends the browser back to. */
  readonly callbackUrl: string;
  /** The client: where its code goes, what it is proven by, and its own mark. */
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly clientState: string;
  readonly expiresMs: number;
};

/** Each sign-in has a cookie of its own, so that several can be under way in one browser. */
export function cookieName(state: string): string {
  return `driftbox-sign-in-${createHash('sha256').update(state).digest('hex').slice(0, 16)}`;
}

/** The value of the cookie. */
export function sealState(secret: string, state: SignInState): string {
  return seal(secret, 'sign-in state', state.state, Buffer.from(JSON.stringify(state))).toString('base64url');
}

/** What the browser kept for `state`; `undefined` for nothing, another's, or what was changed. */
export function openState(secret: string, cookies: string | undefined, state: string): SignInState | undefined {
  const name = cookieName(state);
  const value = cookies
    ?.split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${name}=`));
  if (value === undefined) return undefined;
  try {
    const sealed = Buffer.from(value.slice(name.length + 1), 'base64url');
    return JSON.parse(openSealed(secret, 'sign-in state', state, sealed).toString()) as SignInState;
  } catch {
    return undefined;
  }
}

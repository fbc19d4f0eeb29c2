import { logIn, whoAmI } from '../session.ts';
import { send } from '../send.ts';

/** Somebody signs in with their password, and later has the token renewed. */
export function signIn(): void {
  const signedIn = logIn(whoAmI().user);
  if (signedIn === undefined) return;
  send({ route: 'refreshToken', method: 'POST', path: '/v1/token/refresh', body: JSON.stringify({ refreshToken: signedIn.refreshToken }) });
}

import type { Trouble } from './cell-observed.ts';

/** Of the back end's part of a spec, what its messages depend on. */
type Secured = { readonly authoritySecret?: string | undefined };
type Cause = { readonly name: string; readonly code: string; readonly message: string };

const untrusted = /^(CERT_|SELF_SIGNED_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_|INVALID_CA)/;
const outOfDate = /^CERT_(HAS_EXPIRED|NOT_YET_VALID)/;
/** A server that wants to be shown a certificate says so by an alert. */
const alerted = /^ERR_SSL_.*ALERT/;
/** Class 28 of PostgreSQL's codes is about who one is. */
const unknownUser = /^28/;
const unknownToRedis = /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/;
const plainCodes = new Set(['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);
/** What Node says to whoever starts it, and further lines. */
const advice = /(; if the root CA is installed locally.*)?(\n[^]*)?$/;
const mostCauses = 8;

/** What a back end of others, named by `field`, failed with, as somebody needs to hear it who is to mend it; never a password. */
export function backendTrouble(field: string, { authoritySecret }: Secured, error: unknown): Trouble {
  const causes = causesOf(error, mostCauses);
  const has = (holds: (cause: Cause) => boolean): boolean => causes.some(holds);
  const why = causes.findLast(({ message }) => message !== '')?.message.replace(advice, '') ?? 'it does not answer';
  const trouble = (reason: string, message: string): Trouble => ({ reason, message: `${field}: ${message}` });
  if (has(({ code }) => code === 'ERR_TLS_CERT_ALTNAME_INVALID'))
    return trouble('Untrusted', `its certificate is for another name: ${why}`);
  if (has(({ code }) => outOfDate.test(code))) return trouble('Untrusted', `its certificate is out of date: ${why}`);
  if (has(({ code }) => untrusted.test(code))) {
    const hint =
      authoritySecret === undefined ? 'authoritySecret is to name its authority' : `the Secret ${authoritySecret} does not vouch for it`;
    return trouble('Untrusted', `its certificate is not trusted: ${why}; ${hint}`);
  }
  if (has(({ message }) => message.includes('does not support SSL')) || has(({ code }) => plainCodes.has(code)))
    return trouble('Unreachable', 'it does not speak TLS; tls: false is for a server in plain');
  const isLogin = has(
    ({ name, code, message }) =>
      name === 'KafkaJSSASLAuthenticationError' || unknownUser.test(code) || alerted.test(code) || unknownToRedis.test(message),
  );
  return isLogin ? trouble('Refused', `it does not let the cell in: ${why}`) : trouble('Unreachable', why);
}

/** An error with what it came of, the last being where it began; of several addresses that were tried the first tells. */
function causesOf(error: unknown, most: number): readonly Cause[] {
  const { name, code, message, cause, errors } = Object(error) as Partial<Record<keyof Cause | 'cause', unknown>> & { errors?: unknown[] };
  const own = { name: String(name ?? ''), code: String(code ?? ''), message: String(message ?? '') };
  const before = errors?.[0] ?? cause;
  return before === undefined || most === 1 ? [own] : [own, ...causesOf(before, most - 1)];
}

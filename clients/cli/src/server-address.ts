import { UsageError } from './exit-codes.ts';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|.*\.localhost)$/;

/** A server's address as it is kept: no trailing slash. Plain `http:` only to this machine, unless the caller insists. */
export function parseServer(text: string, allowPlain: boolean): string {
  if (!URL.canParse(text)) throw new UsageError(`${text} is not the address of a server, such as https://files.example.com`);
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new UsageError('a server has an https: or http: address');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new UsageError("a server's address is a host and a path");
  if (url.protocol === 'http:' && !allowPlain && !loopback.test(url.hostname)) {
    throw new UsageError(`${text} would send passwords and files in the open; set DRIFTBOX_ALLOW_HTTP=1 if that is what you want`);
  }
  return url.href.replace(/\/$/, '');
}

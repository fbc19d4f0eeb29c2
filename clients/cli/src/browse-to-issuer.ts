import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline/promises';
import { Problem, type IssuerProof } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';
import { visible } from './output.ts';

/** How a person is brought to an issuer: by this machine's browser, by one that they open themselves, or by one elsewhere. */
export type Browsing = {
  readonly server: string;
  readonly issuer: string;
  /** `paste`: the browser is on another machine, and the address at which it ends is typed in here. */
  readonly by: 'browser' | 'address' | 'paste';
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
};

const waitMs = 10 * 60_000;
const page = 'DriftBox has what it needs. You can close this window and go back to the command line.\n';

/**
 * Has a person sign in at an issuer, and answers what proves it (RFC 8252: the system's browser, a port of this machine and PKCE).
 * Throws the issuer's refusal, or that nobody came back within ten minutes.
 */
export async function browseToIssuer({ server, issuer, by, note, signal }: Browsing): Promise<IssuerProof> {
  const codeVerifier = randomBytes(32).toString('base64url');
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
  const state = randomBytes(16).toString('base64url');
  const listener = by === 'paste' ? undefined : await listen();
  try {
    const redirectUri = `http://127.0.0.1:${listener === undefined ? 1 : listener.port}/callback`;
    const query = new URLSearchParams({ redirectUri, codeChallenge, state });
    const address = `${server.replace(/\/$/, '')}/v1/oauth/${encodeURIComponent(issuer)}/start?${query.toString()}`;
    note(by === 'browser' ? `Sign in with your browser. If it does not open, go to:\n${address}` : `Sign in at:\n${address}`);
    if (by === 'browser') openBrowser(address);
    const back = listener === undefined ? await askForAddress(note, signal) : await comeBack(listener.server, state, signal);
    return { code: codeOf(back, state), codeVerifier };
  } finally {
    listener?.server.close();
    listener?.server.closeAllConnections();
  }
}

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** The first request that carries our mark; whatever else finds the port is told nothing. */
async function comeBack(server: Server, state: string, signal: AbortSignal): Promise<URLSearchParams> {
  const { promise, resolve, reject } = Promise.withResolvers<URLSearchParams>();
  const late = AbortSignal.timeout(waitMs);
  const ended = AbortSignal.any([signal, late]);
  ended.addEventListener('abort', () => reject(new LocalError(late.aborted ? 'nobody came back from the issuer' : 'interrupted')), {
    once: true,
  });
  server.on('request', (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const isOurs = pathname === '/callback' && searchParams.get('state') === state;
    response.writeHead(isOurs ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
    response.end(isOurs ? page : 'Not here.\n', () => isOurs && resolve(searchParams));
  });
  return promise;
}

async function askForAddress(note: (line: string) => void, signal: AbortSignal): Promise<URLSearchParams> {
  note('The browser ends at a page that it cannot open, whose address begins with http://127.0.0.1. Paste that address here:');
  const terminal = createInterface({ input: process.stdin, terminal: false });
  try {
    return new URL((await once(terminal, 'line', { signal })).join('').trim()).searchParams;
  } catch (cause) {
    throw new LocalError('that is no address', { cause });
  } finally {
    terminal.close();
  }
}

function codeOf(back: URLSearchParams, state: string): string {
  if (back.get('state') !== state) throw new LocalError('that address belongs to another sign-in');
  const error = back.get('error');
  if (error !== null) throw new Problem('permission_denied', visible(back.get('error_description') ?? error));
  const code = back.get('code');
  if (code === null) throw new LocalError('the address has no code');
  return code;
}

/** Where no browser can be opened the address was shown already. */
function openBrowser(address: string): void {
  const [command, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open'];
  const opened = spawn(command ?? '', [...args, address], { stdio: 'ignore', detached: true });
  opened.on('error', () => undefined);
  opened.unref();
}

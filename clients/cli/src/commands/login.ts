import { hostname } from 'node:os';
import { parseDeviceId } from '@driftbox/domain';
import { Problem, routes, type SignedIn } from '@driftbox/protocol';
import { browseToIssuer } from '../browse-to-issuer.ts';
import type { Command, Context } from '../command.ts';
import { configFolder } from '../config-folder.ts';
import { visit, type Visit } from '../connect.ts';
import { createCredentialStore, credentialsOf, type Credentials } from '../credentials.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { askLine } from '../ask-line.ts';
import { readPassword } from '../read-password.ts';

export const login: Command = {
  name: 'login',
  summary: 'Sign in and remember the server',
  synopsis: '--server URL [--email ADDRESS | --oidc ISSUER]',
  example: 'driftbox login --server https://files.example.com --oidc google',
  args: { min: 0, max: 0 },
  flags: {
    email: { value: 'ADDRESS', description: 'e-mail address (default: that of the last sign-in, else it is asked for)' },
    'password-file': { value: 'FILE', description: 'read the password from a file, - for standard input' },
    oidc: { value: 'ISSUER', description: 'sign in at an issuer of the tenant, such as google, with the browser' },
    'no-browser': { description: 'with --oidc: only show where to go' },
    paste: { description: 'with --oidc: the browser is on another machine; paste the address at which it ends' },
    invitation: { value: 'SECRET', description: 'with --oidc: the secret of an invitation, for who joins by it' },
    device: { value: 'NAME', description: 'what to call this device (default: its host name)' },
  },
  run: async (context) => {
    const { env, given, output } = context;
    const store = createCredentialStore(configFolder(env));
    const last = await store.read().catch(() => undefined);
    const issuer = given.text('oidc');
    await visit(context, async (at) => {
      const signedIn = await (issuer === undefined ? byPassword(context, at, last) : byIssuer(context, at, issuer, last));
      await store.save(credentialsOf(at.server, signedIn));
      output.result({ server: at.server, account: signedIn.account }, () => [`Signed in as ${signedIn.account.email}`]);
    });
    return exitCodes.ok;
  },
};

/** This device, and that it is the one of the last sign-in where that was here. */
function deviceOf({ given }: Context, at: Visit, last: Credentials | undefined, email?: string) {
  const isKnown = last !== undefined && last.server === at.server && (email === undefined || last.email === email);
  const deviceId = isKnown ? parseDeviceId(last.deviceId) : undefined;
  return { name: given.text('device') ?? (hostname() || 'cli'), kind: 'cli' as const, ...(deviceId === undefined ? {} : { deviceId }) };
}

async function byPassword(context: Context, at: Visit, last: Credentials | undefined): Promise<SignedIn> {
  const email = context.given.text('email') ?? last?.email ?? (await askLine('E-mail address: '));
  if (email === undefined) throw new UsageError('give --email ADDRESS, or --oidc ISSUER');
  const password = await readPassword(context.given.text('password-file'), `Password of ${email}: `);
  return at.client.call(routes.logIn, { body: { email, password, device: deviceOf(context, at, last, email) } });
}

/** An account that has the address already is linked after its password, which is asked for then. */
async function byIssuer(context: Context, at: Visit, issuer: string, last: Credentials | undefined): Promise<SignedIn> {
  const { given, output, signal } = context;
  const by = given.on('paste') ? 'paste' : given.on('no-browser') ? 'address' : 'browser';
  const proof = await browseToIssuer({ server: at.server, issuer, by, signal, note: (line) => output.note(line) });
  const invitation = given.text('invitation');
  const body = { ...proof, device: deviceOf(context, at, last), ...(invitation === undefined ? {} : { invitation }) };
  try {
    return await at.client.call(routes.exchangeSignIn, { body });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'proof_required') throw error;
    output.note('Your address has an account here already. Prove that it is yours, and from now on you sign in to it like this.');
    const password = await readPassword(given.text('password-file'), 'Password of that account: ');
    return at.client.call(routes.exchangeSignIn, { body: { ...body, password } });
  }
}

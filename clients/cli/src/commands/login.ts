import { hostname } from 'node:os';
import { parseDeviceId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { configFolder } from '../config-folder.ts';
import { visit } from '../connect.ts';
import { createCredentialStore, credentialsOf } from '../credentials.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { readPassword } from '../read-password.ts';

export const login: Command = {
  name: 'login',
  summary: 'Sign in and remember the server',
  synopsis: '--server URL --email ADDRESS',
  example: 'driftbox login --server https://files.example.com --email ada@example.com',
  args: { min: 0, max: 0 },
  flags: {
    email: { value: 'ADDRESS', description: 'e-mail address (default: that of the last sign-in)' },
    'password-file': { value: 'FILE', description: 'read the password from a file, - for standard input' },
    device: { value: 'NAME', description: 'what to call this device (default: its host name)' },
  },
  run: async ({ env, server, signal, given, output }) => {
    const store = createCredentialStore(configFolder(env));
    const last = await store.read().catch(() => undefined);
    const email = given.text('email') ?? last?.email;
    if (email === undefined) throw new UsageError('give --email ADDRESS');
    const at = await visit(env, server, signal);
    const password = await readPassword(given.text('password-file'), `Password of ${email}: `);
    const known = last !== undefined && last.server === at.server && last.email === email ? parseDeviceId(last.deviceId) : undefined;
    const device = {
      name: given.text('device') ?? (hostname() || 'cli'),
      kind: 'cli' as const,
      ...(known === undefined ? {} : { deviceId: known }),
    };
    const signedIn = await at.client.call(routes.logIn, { body: { email, password, device } });
    await store.save(credentialsOf(at.server, signedIn));
    at.close();
    output.result({ server: at.server, account: signedIn.account }, () => [`Signed in as ${signedIn.account.email}`]);
    return exitCodes.ok;
  },
};

import { hostname } from 'node:os';
import { routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { configFolder } from '../config-folder.ts';
import { visit } from '../connect.ts';
import { createCredentialStore, credentialsOf } from '../credentials.ts';
import { element } from '@driftbox/transfer';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { askLine } from '../ask-line.ts';
import { readNewPassword } from '../read-password.ts';

export const signup: Command = {
  name: 'signup',
  summary: 'Create an account and sign in',
  synopsis: '--server URL [--email ADDRESS] [--name NAME] [--invitation SECRET]',
  example: 'driftbox signup --server https://files.example.com --email ada@example.com --name Ada',
  args: { min: 0, max: 0 },
  flags: {
    email: { value: 'ADDRESS', description: 'e-mail address; asked for if not given' },
    name: { value: 'NAME', description: 'how others see you; asked for if not given' },
    'password-file': { value: 'FILE', description: 'read the password from a file, - for standard input' },
    invitation: { value: 'SECRET', description: 'the secret of an invitation' },
    device: { value: 'NAME', description: 'what to call this device (default: its host name)' },
  },
  run: async (context) => {
    const { env, given, output } = context;
    await visit(context, async (at) => {
      const email = given.text('email') ?? (await askLine('E-mail address: '));
      if (email === undefined) throw new UsageError('give --email ADDRESS');
      const displayName = given.text('name') ?? (await askLine('Your name: ')) ?? element(email.split('@'), 0);
      const password = await readNewPassword(given.text('password-file'), 'New password (at least 10 characters): ');
      const invitation = given.text('invitation');
      const signedIn = await at.client.call(routes.signUp, {
        body: {
          email,
          password,
          displayName,
          device: { name: given.text('device') ?? (hostname() || 'cli'), kind: 'cli' },
          ...(invitation === undefined ? {} : { invitation }),
        },
      });
      await createCredentialStore(configFolder(env)).save(credentialsOf(at.server, signedIn));
      output.result({ server: at.server, account: signedIn.account }, () => [`Signed up and in as ${signedIn.account.email}`]);
    });
    return exitCodes.ok;
  },
};

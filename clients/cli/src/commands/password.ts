import { routes } from '@driftbox/protocol';
import type { Command, Context } from '../command.ts';
import { visit } from '../connect.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { readAction } from '../read-action.ts';
import { readNewPassword, readPassword } from '../read-password.ts';

const actions = ['change', 'forgot', 'reset'] as const;
const newPrompt = 'New password (at least 10 characters): ';

export const password: Command = {
  name: 'password',
  summary: 'Change your password, or set another one where you forgot it',
  synopsis: ['change [--current-file FILE] [--password-file FILE]', 'forgot EMAIL', 'reset CODE [--password-file FILE]'],
  about: 'Whoever forgot it is mailed a code that holds for an hour. A new password ends all other sign-ins.',
  example: 'driftbox password forgot ada@example.com --server https://files.example.com',
  args: { min: 1, max: 2 },
  flags: {
    'current-file': { value: 'FILE', description: 'change: read the password of today from a file, - for standard input' },
    'password-file': { value: 'FILE', description: 'read the new password from a file, - for standard input' },
  },
  completes: actions,
  run: async (context) => {
    const [word = '', argument] = context.given.args;
    const action = readAction(word, actions);
    if (action === 'change') {
      if (argument !== undefined) throw new UsageError('change takes no other argument');
      await change(context);
    } else if (argument === undefined) throw new UsageError(action === 'forgot' ? 'forgot EMAIL' : 'reset CODE');
    else if (action === 'forgot') await forget(context, argument);
    else await reset(context, argument);
    return exitCodes.ok;
  },
};

async function change({ connect, given, output }: Context): Promise<void> {
  const { client } = await connect();
  const currentPassword = await readPassword(given.text('current-file'), 'Your password: ');
  const newPassword = await readNewPassword(given.text('password-file'), newPrompt);
  await client.call(routes.changePassword, { body: { currentPassword, newPassword } });
  output.result({ changed: true }, () => ['The password is changed; all other sign-ins have ended']);
}

/** The server answers alike whether or not it knows the address, and so does this. */
async function forget(context: Context, email: string): Promise<void> {
  const { output } = context;
  await visit(context, async ({ client, server }) => {
    await client.call(routes.forgetPassword, { body: { email } });
    output.result({ mailed: email }, () => [`If ${email} has an account on ${server}, a code is on its way there`]);
    output.note(`Then: driftbox password reset CODE --server ${server}`);
  });
}

async function reset(context: Context, token: string): Promise<void> {
  const { given, output } = context;
  await visit(context, async ({ client, server }) => {
    const newPassword = await readNewPassword(given.text('password-file'), newPrompt);
    await client.call(routes.resetPassword, { body: { token, newPassword } });
    output.result({ changed: true }, () => ['The password is set; all sign-ins have ended']);
    output.note(`Then: driftbox login --server ${server}`);
  });
}

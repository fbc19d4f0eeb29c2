import { Problem, routes } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { configFolder } from '../config-folder.ts';
import { createCredentialStore } from '../credentials.ts';
import { exitCodes } from '../exit-codes.ts';

export const logout: Command = {
  name: 'logout',
  summary: 'End this sign-in and forget its credentials',
  synopsis: '',
  example: 'driftbox logout',
  args: { min: 0, max: 0 },
  flags: {},
  run: async ({ env, connect, output }) => {
    try {
      const { client } = await connect();
      await client.call(routes.logOut);
    } catch (error) {
      // Already ended there, or never begun: forgetting it here is what is left to do.
      if (!(error instanceof Problem) || error.code !== 'unauthenticated') throw error;
    }
    await createCredentialStore(configFolder(env)).remove();
    output.result({ signedIn: false }, () => ['Signed out']);
    return exitCodes.ok;
  },
};

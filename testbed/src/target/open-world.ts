import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@driftbox/testkit';
import { emailOf } from '../email-of.ts';
import { createCli } from '../run-cli.ts';
import { startWorld, worldPassword, type World } from '../world.ts';
import { testTarget } from './test-target.ts';

/** Somebody new with the command line, signed up where these tests are to run, and a folder to work in. */
export type OpenWorld = Pick<World, 'folder' | 'address' | 'email' | 'cli' | 'passwordFile' | 'close'> & {
  /** The world with its server, where it was started for this test. Throws on a running target: see `testThatNeeds`. */
  own(): World;
};

/**
 * Signs somebody up on the running target of these tests, or else on a standalone server of its own, to which everybody may sign up.
 * Close it, also after a failure.
 */
export async function openWorld(): Promise<OpenWorld> {
  const target = testTarget();
  if (target === undefined) {
    const world = await startWorld({ DRIFTBOX_SIGN_UP: 'open' });
    return { ...world, own: () => world };
  }
  const own = (): World => {
    throw new Error('this target is not a server of the test: declare it with testThatNeeds');
  };
  return { ...(await connectWorld(target.address)), own };
}

/** Signs somebody up, of a name that is new in this process, at a DriftBox that runs. */
export async function connectWorld(address: string, name = 'ada'): Promise<Omit<OpenWorld, 'own'>> {
  const folder = await temporaryFolder();
  const at = (name: string): string => path.join(folder.path, name);
  const email = emailOf(name);
  const passwordFile = at('password');
  await writeFile(passwordFile, `${worldPassword}\n`, { mode: 0o600 });
  const cli = createCli(at('config'));
  try {
    await cli.must('signup', '--server', address, '--email', email, '--name', 'Ada', '--password-file', passwordFile);
  } catch (error) {
    await folder.remove();
    throw error;
  }
  return { folder: folder.path, address, email, cli, passwordFile, close: () => folder.remove() };
}

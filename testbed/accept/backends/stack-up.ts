import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@driftbox/testkit';
import { createCli } from '../../src/run-cli.ts';
import { worldPassword } from '../../src/world.ts';
import type { Point } from '../point.ts';
import { startStackProgram } from '../stack-program.ts';

const mostSeconds = 90;

type Ready = { readonly address: string; readonly certificateFile: string; readonly folder: string };

/** `npm run stack` as a person runs it, until the first file is up; then Ctrl-C, after which nothing may be left. */
export const stackUp: Point = {
  number: 2,
  promise: 'npm run stack is up, from installed components to the first upload, in under 90 seconds',
  async show() {
    await using folder = await temporaryFolder();
    const startMs = performance.now();
    const seconds = (): number => (performance.now() - startMs) / 1000;
    const stack = await startStackProgram<Ready>();
    try {
      const readySeconds = seconds();
      await firstUpload(folder.path, stack.ready);
      const uploadSeconds = seconds();
      const code = await stack.stop();
      const isClean = code === 0 && !existsSync(stack.ready.folder);
      return {
        holds: uploadSeconds < mostSeconds && isClean,
        figure:
          `ready after ${readySeconds.toFixed(1)} s, first upload after ${uploadSeconds.toFixed(1)} s; ` +
          `stopped with ${code}, ${isClean ? 'nothing' : 'something'} left`,
      };
    } finally {
      await stack.stop();
    }
  },
};

async function firstUpload(folder: string, { address, certificateFile }: Ready): Promise<void> {
  const cli = createCli(path.join(folder, 'config'), { NODE_EXTRA_CA_CERTS: certificateFile });
  const passwordFile = path.join(folder, 'password');
  const file = path.join(folder, 'note.txt');
  await writeFile(passwordFile, `${worldPassword}\n`, { mode: 0o600 });
  await writeFile(file, 'the first of many');
  await cli.must('signup', '--server', address, '--email', 'ada@example.com', '--name', 'Ada', '--password-file', passwordFile);
  await cli.must('put', file, '/note.txt');
}

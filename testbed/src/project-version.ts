import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectFolder } from './standalone-process.ts';

/** The version of this checkout, as `package.json` says it. */
export async function projectVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(projectFolder, 'package.json'), 'utf8')) as { version: string };
  return version;
}

import { access, constants } from 'node:fs/promises';
import path from 'node:path';

/** Where a program lies, by the PATH and the folders that hold servers, or `undefined`. */
export async function findProgram(name: string): Promise<string | undefined> {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/local/go/bin'];
  for (const folder of folders.filter((one) => one !== '')) {
    const file = path.join(folder, name);
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}

import { readdir, readFile, writeFile, mkdir } from 'node:fs/promises';
import path from 'node:path';

/** Copies the files of a folder with each `@NAME@` replaced. Throws for a name that `values` lacks. */
export async function fillTemplates(from: string, to: string, values: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const file of await readdir(from)) {
    const text = await readFile(path.join(from, file), 'utf8');
    const filled = text.replaceAll(/@([A-Z_]+)@/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`${file} names @${name}@, which has no value`);
      return value;
    });
    await writeFile(path.join(to, file), filled);
  }
}

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ConfigTable } from '@driftbox/service-kit';
import { projectFolder } from '../src/standalone-process.ts';

/** Every setting that a program of the services knows, from its own `src/config.ts`. */
export async function configTableOf(service: string): Promise<ConfigTable> {
  const file = path.join(projectFolder, 'services', service, 'src/config.ts');
  const module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  const tables = Object.values(module).filter((value) => typeof value === 'object') as ConfigTable[];
  const [table] = tables;
  if (table === undefined || tables.length > 1) throw new Error(`${file} does not export one table of settings`);
  return table;
}

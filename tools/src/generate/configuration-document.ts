import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeConfig, type ConfigTable } from '@driftbox/service-kit';
import type { GeneratedDocument } from './document.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** `docs/configuration.md`: every setting of every program, from the tables that its `config.ts` exports. */
export const configurationDocument: GeneratedDocument = {
  path: 'docs/configuration.md',
  build: async () => {
    const sections: string[] = [];
    for (const folder of configuredFolders()) sections.push(await describe(folder));
    return [
      '# Configuration',
      "<!-- Generated from each program's src/config.ts by `npm run generate`. -->",
      '',
      'Settings are environment variables. A program checks all of its own when it starts, and lists everything that is wrong at once.',
      'Sizes may be written `64MiB`, durations `30s` or `24h`. Secrets are marked; they are never logged.',
      '',
      ...sections,
    ].join('\n');
  },
};

/** `standalone` first: it is what most readers run. */
function configuredFolders(): string[] {
  const services = fs.readdirSync(path.join(root, 'services')).map((name) => `services/${name}`);
  return ['standalone', ...services.sort(), 'operator'].filter((folder) => fs.existsSync(path.join(root, folder, 'src/config.ts')));
}

async function describe(folder: string): Promise<string> {
  const module = (await import(pathToFileURL(path.join(root, folder, 'src/config.ts')).href)) as Record<string, unknown>;
  const rows = Object.values(module).filter(isTable).flatMap(describeConfig);
  if (rows.length === 0) throw new Error(`${folder}/src/config.ts exports no table made by defineConfig`);
  return [
    `## ${folder.split('/').at(-1)}`,
    '| setting | type | default | |',
    '|---|---|---|---|',
    ...rows.map(({ name, type, default: fallback, description, secret }) => {
      const cells = [`\`${name}\``, type, fallback, secret ? `${description} (secret)` : description];
      return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    }),
    '',
  ].join('\n');
}

function isTable(value: unknown): value is ConfigTable {
  if (typeof value !== 'object' || value === null) return false;
  const rows = Object.entries(value);
  return (
    rows.length > 0 &&
    rows.every(([name, row]) => /^[A-Z][A-Z0-9_]*$/.test(name) && typeof Reflect.get(row ?? {}, 'description') === 'string')
  );
}

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ComponentSuffix } from '@driftbox/testkit';

/** Test files by the component that their suffix asks for, relative to the checkout. */
export type TestFiles = Readonly<Record<ComponentSuffix, readonly string[]>>;

/** Which component each suffix asks for: `.s3.test.ts` needs `minio`. A file may have several: `.kafka.s3.test.ts`. */
export const componentBySuffix: Readonly<Record<ComponentSuffix, string>> = {
  redis: 'redis',
  s3: 'minio',
  kafka: 'kafka',
  nginx: 'nginx',
  helm: 'helm',
  prometheus: 'prometheus',
  k6: 'k6',
  openbao: 'openbao',
  faketime: 'faketime',
  k8s: 'kubernetes',
};

/** All suffixes. */
export const suffixes = Object.keys(componentBySuffix) as ComponentSuffix[];

const skipped = new Set(['node_modules', 'dist', 'coverage']);

/** The components that a test file's name asks for: `stack.kafka.s3.test.ts` needs two. */
function suffixesOf(file: string): ComponentSuffix[] {
  const words = path.basename(file, '.test.ts').split('.').slice(1);
  return suffixes.filter((suffix) => words.includes(suffix));
}

/** Finds the test files below `root` whose absolute path `isSelected` takes, by suffix; one that needs several is named under each. */
export async function findTestFiles(root: string, isSelected: (file: string) => boolean): Promise<TestFiles> {
  const isWanted = (file: string): boolean => file.endsWith('.test.ts') && isSelected(file);
  const files = (await filesBelow(root)).filter(isWanted).map((file) => path.relative(root, file));
  const ofSuffix = (suffix: ComponentSuffix): string[] => files.filter((file) => suffixesOf(file).includes(suffix)).sort();
  return Object.fromEntries(suffixes.map((suffix) => [suffix, ofSuffix(suffix)])) as Record<ComponentSuffix, string[]>;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.') && !skipped.has(name))
      .map(async (entry) => {
        const file = path.join(folder, entry.name);
        return entry.isDirectory() ? filesBelow(file) : [file];
      }),
  );
  return found.flat();
}

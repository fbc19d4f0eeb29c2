import { allFiles, type Repository } from './repository.ts';
import { runtimeDependencies } from './runtime-dependencies.ts';
import { lineCount, type SourceFile } from './source-file.ts';

/** Test support is neither source nor test: it would flatter either side of the ratio. */
const support = new Set(['testbed', 'packages/testkit']);
const strictRatio = new Set(['packages/domain', 'packages/sync-core', 'packages/chunk-store']);

/** The house numbers as lines to print; a number that misses its aim says so. */
export function houseNumbers(repository: Repository): string[] {
  const files = allFiles(repository).map(({ file }) => file);
  const lengths = files.map((file) => lineCount(file.text)).sort((a, b) => a - b);
  const within = share(lengths.filter((length) => length <= 200).length, lengths.length);
  const longest = files.toSorted((a, b) => lineCount(b.text) - lineCount(a.text))[0];
  const sources = files.filter((file) => !file.isTest);
  return [
    `files ${files.length}: median ${quantile(lengths, 0.5)} lines${aim(quantile(lengths, 0.5) <= 70, '<= 70')}, ` +
      `p90 ${quantile(lengths, 0.9)}, <= 200 lines ${percent(within)}${aim(within >= 0.9, '>= 90 %')}, ` +
      `longest ${longest?.path} ${longest === undefined ? 0 : lineCount(longest.text)}`,
    commentLine('comments in sources', sources, 0.1),
    commentLine(
      'comments in contracts',
      sources.filter((file) => file.onlyTypes),
      0.35,
    ),
    ...ratioLines(repository),
    `runtime dependencies: ${runtimeDependencies(repository)
      .filter(({ count }) => count > 0)
      .map(({ folder, count, most }) => `${folder} ${count}${most === undefined ? '' : `/${most}`}`)
      .join(', ')}`,
  ];
}

function ratioLines(repository: Repository): string[] {
  const counted = repository.workspaces.filter(({ folder }) => !support.has(folder));
  const all = counted.flatMap(({ files }) => files);
  const perPackage = counted.filter(({ folder }) => strictRatio.has(folder)).map(({ folder, files }) => ratioOf(folder, files, 1.5));
  return [`test : source  ${[ratioOf('all', all, 1), ...perPackage].join(', ')}`];
}

function ratioOf(name: string, files: readonly SourceFile[], least: number): string {
  const tests = sum(files.filter((file) => file.isTest).map((file) => file.codeLines));
  const sources = sum(files.filter((file) => !file.isTest).map((file) => file.codeLines));
  const ratio = share(tests, sources);
  return `${name} ${ratio.toFixed(2)}${aim(ratio >= least, `>= ${least}`)}`;
}

function commentLine(name: string, files: readonly SourceFile[], least: number): string {
  const comments = sum(files.map((file) => file.commentLines));
  const part = share(comments, comments + sum(files.map((file) => file.codeLines)));
  return `${name}: ${percent(part)}${aim(part >= least, `>= ${percent(least)}`)}`;
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

function aim(isMet: boolean, wanted: string): string {
  return isMet ? '' : ` (short of ${wanted})`;
}

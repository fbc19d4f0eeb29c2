import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../src/standalone-process.ts';

/** Where the lives are listed, for people and for `life-tests.ts`. */
export const livesDocument = 'docs/tested-lives.md';

/** One line of the document: what happens, and what shows that it ends well. */
export type TestedLife = { readonly what: string; readonly shownBy: Proof };

/** A test of a file, whose name ends so; a point of this command; or nothing, and why. */
export type Proof =
  | { readonly kind: 'test'; readonly file: string; readonly title: string }
  | { readonly kind: 'point'; readonly number: number }
  | { readonly kind: 'none'; readonly why: string };

/** Reads the tables of `docs/tested-lives.md`. Throws where a line says neither what shows it nor that nothing does. */
export function testedLives(text = readFileSync(path.join(projectFolder, livesDocument), 'utf8')): readonly TestedLife[] {
  const rows = [...text.matchAll(/^\| (.+?) \| (.+) \|$/gm)].map(([, what = '', proof = '']) => ({ what, proof }));
  return rows.filter(({ proof }) => proof !== 'shown by').map(({ what, proof }) => ({ what, shownBy: proofOf(proof) }));
}

/** Files that are named, each once, in the order of the document. */
export function filesOf(lives: readonly TestedLife[]): readonly string[] {
  return [...new Set(lives.flatMap(({ shownBy }) => (shownBy.kind === 'test' ? [shownBy.file] : [])))];
}

function proofOf(text: string): Proof {
  const [, file, title] = /^`(\S+\.test\.ts)`: (.+)$/.exec(text) ?? [];
  if (file !== undefined && title !== undefined) return { kind: 'test', file, title };
  const [, number] = /^point (\d+)$/.exec(text) ?? [];
  if (number !== undefined) return { kind: 'point', number: Number(number) };
  const [, why] = /^not yet(?:: (.+))?$/.exec(text) ?? [undefined, undefined];
  if (text.startsWith('not yet')) return { kind: 'none', why: why ?? 'nothing shows it' };
  throw new Error(`${livesDocument}: what shows it? ${text}`);
}

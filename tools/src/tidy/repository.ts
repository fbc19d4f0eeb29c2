import type { SourceFile } from './source-file.ts';

/** The parts of a package.json that rules look at. */
export type Manifest = {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

/** One npm workspace: a folder with its package.json and source files. */
export type Workspace = {
  /** Relative to the root, with forward slashes: `packages/domain`. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly hasReadme: boolean;
  readonly files: readonly SourceFile[];
  /** Names of files that are not TypeScript or JavaScript but are named by the same convention (SQL). */
  readonly otherFiles: readonly string[];
};

/** Everything a rule may look at; read once, then all rules are pure. */
export type Repository = { readonly manifest: Manifest; readonly workspaces: readonly Workspace[] };

/** All source files with the workspace that owns them. */
export function allFiles(repository: Repository): { workspace: Workspace; file: SourceFile }[] {
  return repository.workspaces.flatMap((workspace) => workspace.files.map((file) => ({ workspace, file })));
}

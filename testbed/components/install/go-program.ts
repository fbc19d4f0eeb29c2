import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from './find-program.ts';
import type { Installable } from './installable.ts';
import { runCommand } from './run-command.ts';

/** A program built from source by a module of its own, `go/NAME`, whose `go.sum` pins everything that goes into it. */
export type GoProgram = {
  readonly name: string;
  readonly version: string;
  /** The package to build; the program is called `NAME`. */
  readonly package: string;
};

const flags = ['-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags=-s -w'];

/** Builds `NAME` with the Go that is installed, its modules taken from the first module proxy alone. */
export function goProgram({ name, version, package: target }: GoProgram): Installable {
  const module = path.join(import.meta.dirname, '../go', name);
  const files = ['go.mod', 'go.sum'].map((file) => readFileSync(path.join(module, file), 'utf8'));
  return {
    name,
    version,
    recipe: [target, ...flags, ...files],
    missing: async () => ((await findProgram('go')) === undefined ? 'Go is not installed (1.24 or newer, https://go.dev/dl/)' : undefined),
    install: async (folder, report) => {
      const go = (await findProgram('go')) ?? 'go';
      // A module that the proxy refuses must fail here, not fall through to a look-up of its source that hangs.
      const [proxy = ''] = (await runCommand(go, ['env', 'GOPROXY'], { folder: module })).split(/[,|]/);
      const env = { GOPROXY: proxy, GOFLAGS: '', GOWORK: 'off' };
      await runCommand(go, ['build', ...flags, '-o', path.join(folder, name), target], { folder: module, env, report });
    },
  };
}

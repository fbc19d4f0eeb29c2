import { readdirSync, readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from './find-program.ts';
import type { Installable } from './installable.ts';
import { runCommand } from './run-command.ts';

/** A program built from source by a module of its own, `go/NAME`, whose `go.sum` pins everything that goes into it. */
export type GoProgram = {
  readonly name: string;
  readonly version: string;
  /** The package to build; the program is called `NAME`. `.` is the one in `go/NAME` itself. */
  readonly package: string;
  /** Without C, so that the program runs on any Linux. */
  readonly static?: true;
  /** String variables of its packages that the linker sets. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Names under which the program is another one; each becomes a link to it. */
  readonly links?: readonly string[];
};

/** Builds `NAME` with the Go that is installed, its modules taken from the first module proxy alone. */
export function goProgram({ name, version, package: target, static: isStatic, variables = {}, links = [] }: GoProgram): Installable {
  const module = path.join(import.meta.dirname, '../go', name);
  const files = readdirSync(module)
    .sort()
    .map((file) => readFileSync(path.join(module, file), 'utf8'));
  const set = Object.entries(variables).map(([variable, value]) => ` -X ${variable}=${value}`);
  const flags = ['-trimpath', '-buildvcs=false', '-mod=readonly', `-ldflags=-s -w${set.join('')}`];
  const cgo: Record<string, string> = isStatic === true ? { CGO_ENABLED: '0' } : {};
  return {
    name,
    version,
    recipe: [target, ...flags, ...files, ...Object.values(cgo), ...links],
    missing: async () => ((await findProgram('go')) === undefined ? 'Go is not installed (1.24 or newer, https://go.dev/dl/)' : undefined),
    install: async (folder, report) => {
      const go = (await findProgram('go')) ?? 'go';
      // A module that the proxy refuses must fail here, not fall through to a look-up of its source that hangs.
      const [proxy = ''] = (await runCommand(go, ['env', 'GOPROXY'], { folder: module })).split(/[,|]/);
      const env = { ...cgo, GOPROXY: proxy, GOFLAGS: '', GOWORK: 'off' };
      await runCommand(go, ['build', ...flags, '-o', path.join(folder, name), target], { folder: module, env, report });
      for (const link of links) await symlink(name, path.join(folder, link));
    },
  };
}

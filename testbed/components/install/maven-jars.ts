import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from './find-program.ts';
import type { Installable } from './installable.ts';
import { runCommand } from './run-command.ts';

const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** The jars that `maven/NAME/pom.xml` names, with all that they need, in `jars`. */
export function mavenJars({ name, version }: { readonly name: string; readonly version: string }): Installable {
  const pom = path.join(import.meta.dirname, '../maven', name, 'pom.xml');
  return {
    name,
    version,
    recipe: [goal, readFileSync(pom, 'utf8')],
    missing: async () => {
      if ((await findProgram('java')) === undefined) return 'Java is not installed (17 or newer)';
      return (await findProgram('mvn')) === undefined ? 'Maven is not installed (mvn)' : undefined;
    },
    install: async (folder, report) => {
      const flags = ['-B', '-ntp', '-f', pom, goal, '-DincludeScope=runtime', `-DoutputDirectory=${path.join(folder, 'jars')}`];
      await runCommand('mvn', flags, { folder, report });
    },
  };
}

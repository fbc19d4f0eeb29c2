import type { Breach, Rule } from '../breach.ts';
import { allFiles, type Repository, type Workspace } from '../repository.ts';
import type { SourceFile } from '../source-file.ts';
import { isOwn, packageName } from './package-name.ts';

/** What each package may import of the others; a package not named here may import only `domain` and `protocol`. */
const allowedByPackage: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  'sync-core': ['domain'],
  chunking: ['domain'],
  protocol: ['domain'],
  resources: ['domain', 'protocol'],
  'postgres-server': ['processes'],
  threads: [],
  'command-line': [],
  tracing: [],
  processes: [],
  redis: ['tracing'],
  mail: [],
  postgres: ['domain', 'protocol', 'tracing'],
  'api-client': ['domain', 'protocol', 'threads', 'tracing'],
  'event-bus': ['command-line', 'domain', 'protocol', 'redis', 'tracing'],
  'chunk-store': ['domain', 'protocol', 'threads', 'tracing'],
  'service-kit': ['domain', 'protocol', 'threads', 'tracing'],
  'service-process': ['domain', 'protocol', 'api-client', 'event-bus', 'postgres', 'service-kit'],
  transfer: ['domain', 'protocol', 'api-client', 'chunking', 'threads'],
  backup: ['domain', 'protocol', 'api-client', 'chunking', 'chunk-store', 'processes'],
  testkit: ['domain', 'protocol', 'chunk-store', 'event-bus', 'postgres', 'postgres-server', 'processes', 'service-kit', 'api-client'],
};
/** A client is a program of its own, but for the command line, which runs the sync client. */
const clientsOfClients: Readonly<Record<string, readonly string[]>> = { cli: ['sync-client'] };
const forbiddenToClients = ['service-kit', 'postgres', 'postgres-server', 'event-bus', 'redis'];
/** The operator reaches a cell as anybody does, by its API; it opens nobody's database and hears nobody's events. */
const allowedToOperator = ['domain', 'protocol', 'resources', 'service-kit', 'api-client', 'backup', 'chunk-store', 'tracing'];
/** By clients of the services one file tries whether back ends let a cell in (ADR 0060), and one gives Redis its passwords (ADR 0061). */
const reachesBackends: Readonly<Record<string, readonly string[]>> = {
  'src/cell/try-backends.ts': ['event-bus', 'postgres', 'redis'],
  'src/cell/redis-passwords.ts': ['redis'],
};

/** Which workspace may import which, in one direction only. */
export const layers: Rule = {
  name: 'layers',
  check: (repository) =>
    allFiles(repository).flatMap(({ workspace, file }) =>
      file.imports.flatMap(({ specifier, line }): Breach[] => {
        const target = targetOf(repository, specifier);
        if (target === undefined || target === workspace || mayImport(workspace, target, file)) return [];
        const message = `${workspace.folder} may not import ${target.folder}; move what is shared down, or declare an interface here`;
        return [{ path: file.path, line, message }];
      }),
    ),
};

function targetOf(repository: Repository, specifier: string): Workspace | undefined {
  const name = packageName(specifier);
  if (name === undefined || !isOwn(name)) return undefined;
  return repository.workspaces.find((workspace) => workspace.manifest.name === name);
}

function mayImport(from: Workspace, to: Workspace, file: SourceFile): boolean {
  const [kind = '', short = ''] = from.folder.split('/');
  const [targetKind = '', target = ''] = to.folder.split('/');
  if (kind === 'testbed') return true;
  if (targetKind === 'testbed') return false;
  if (target === 'testkit') return file.isTest;
  if (targetKind === 'services') return kind === 'standalone';
  if (targetKind === 'standalone') return file.local.endsWith('.e2e.test.ts');
  if (targetKind === 'charts') return ['operator', 'tools'].includes(kind);
  // Objectives and rules are values: they are for whoever writes them down or measures against them.
  if (targetKind === 'observability') return ['loadtests', 'tools'].includes(kind);
  if (kind === 'observability') return targetKind === 'packages' && (target === 'protocol' || file.isTest);
  if (targetKind === 'clients' && kind === 'clients') return clientsOfClients[short]?.includes(target) === true;
  if (targetKind !== 'packages') return false;
  if (kind === 'operator') return [...allowedToOperator, ...(reachesBackends[file.local] ?? [])].includes(target);
  if (kind === 'clients') return !forbiddenToClients.includes(target);
  if (kind === 'tools') return ['command-line', 'protocol', 'resources', 'service-kit'].includes(target);
  if (kind !== 'packages' || file.isTest) return true;
  return (allowedByPackage[short] ?? ['domain', 'protocol']).includes(target);
}

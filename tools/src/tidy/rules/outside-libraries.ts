import type { Breach, Rule } from '../breach.ts';
import { allFiles } from '../repository.ts';
import { packageName } from './package-name.ts';

/** The one home of each library that others reach only through an interface of ours. */
const homes: Readonly<Record<string, string>> = {
  minio: 'packages/chunk-store',
  kafkajs: 'packages/event-bus',
  ioredis: 'packages/redis',
  'socket.io': 'services/sync',
  'socket.io-client': 'packages/api-client',
  pg: 'packages/postgres',
  knex: 'packages/postgres',
  nodemailer: 'packages/mail',
  koa: 'packages/service-kit',
  '@koa/router': 'packages/service-kit',
  '@opentelemetry/api': 'packages/service-kit',
  '@opentelemetry/sdk-node': 'packages/service-kit',
  '@opentelemetry/sdk-trace': 'packages/service-kit',
  '@kubernetes/client-node': 'operator',
};

// Benchmarks compare with the bare library.
const exempt = 'testbed';

/** An outside library is imported by one package only. */
export const outsideLibraries: Rule = {
  name: 'outside-libraries',
  check: (repository) =>
    allFiles(repository).flatMap(({ workspace, file }) =>
      file.imports.flatMap(({ specifier, line }): Breach[] => {
        const home = homes[packageName(specifier) ?? ''];
        if (home === undefined || home === workspace.folder || workspace.folder === exempt) return [];
        return [{ path: file.path, line, message: `only ${home} imports ${specifier}; use what that package exports` }];
      }),
    ),
};

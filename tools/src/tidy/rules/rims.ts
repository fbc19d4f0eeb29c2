import type { Rule } from '../breach.ts';
import { findWords } from '../find-words.ts';
import { allFiles } from '../repository.ts';

/** Where a program meets something else: the only places that may start a span. */
const places = new Set([
  // Requests that are answered, and that are sent.
  'packages/service-kit/src/pipeline.ts',
  'packages/api-client/src/trace-call.ts',
  'packages/postgres/src/transaction.ts',
  'packages/chunk-store/src/metered.ts',
  // Events and hints that are sent and heard, and what sockets are told and hear.
  'packages/event-bus/src/trace-events.ts',
  'packages/event-bus/src/deliver-hint.ts',
  'packages/event-bus/src/redis/redis-hint-bus.ts',
  'services/sync/src/trace-telling.ts',
  'packages/api-client/src/hints/trace-hearing.ts',
  'packages/redis/src/patient-redis.ts',
  // Passes over resources, and the runs of Helm in them.
  'operator/src/trace-pass.ts',
]);

const exempt = new Set(['packages/tracing', 'testbed', 'tools']);

/** Spans are started at the rims alone: what happens in between is told by what it asks of others, and by the code. */
export const rims: Rule = {
  name: 'rims',
  check: (repository) =>
    allFiles(repository).flatMap(({ workspace, file }) => {
      if (file.isTest || exempt.has(workspace.folder) || places.has(file.path)) return [];
      return findWords(
        file,
        /\b(?:traced|tracedRoot|startRoot)\b/,
        (found) => `${found} starts a span, and this is no rim (tools/src/tidy/rules/rims.ts)`,
      );
    }),
};

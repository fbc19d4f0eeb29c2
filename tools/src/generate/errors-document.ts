import { errorAdvice, errorCatalogue } from '@driftbox/protocol';
import type { ErrorCode } from '@driftbox/protocol';
import type { GeneratedDocument } from './document.ts';

/** `docs/errors.md`, which the `type` of every problem points into. */
export const errorsDocument: GeneratedDocument = {
  path: 'docs/errors.md',
  build: () =>
    [
      '# Errors',
      '<!-- Generated from packages/protocol/src/errors.ts and error-advice.ts by `npm run generate`. -->',
      '',
      'Every error is an `application/problem+json` body (RFC 9457) whose `code` is one of these. `type` points to its section here.',
      'Clients retry by `retryable`, never by the status; `Retry-After` says when, where it is sent.',
      '',
      ...Object.entries(errorCatalogue).flatMap(([code, { status, title, retryable }]) => [
        `## ${code}`,
        `${title}. Status ${status}; ${retryable ? 'retryable' : 'not retryable'}.`,
        '',
        errorAdvice[code as ErrorCode],
        '',
      ]),
    ].join('\n'),
};

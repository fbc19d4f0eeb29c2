import type { Outcome } from '@driftbox/domain';
import { Problem, routes, type WireOutcome } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { commitDrive } from '../commit-drive.ts';
import { describeLinked, linkAllows } from '../linked.ts';
import { askerOf, linkAskerOf, requireUpload, requireWriteScope, type Context } from './context.ts';

/** Applies a commit that upload has checked. */
export function bindForwardCommit(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.forwardCommit, async (request) => {
    requireUpload(request);
    requireWriteScope(request);
    const { link } = request;
    if (link !== undefined) {
      if (!linkAllows(link, request.body.operations)) throw new Problem('permission_denied', 'The link does not allow it');
      await describeLinked(database, linkAskerOf(request), link.entry);
    }
    const { commitBy, ...body } = request.body;
    const started = performance.now();
    const { deviceId, userId } = request.actor;
    // Who holds a link only adds.
    const watched = link === undefined ? (deviceId ?? userId) : undefined;
    const input = { ...askerOf(request), deviceId, watched, ...body, commitByMs: Date.parse(commitBy) };
    const done = await commitDrive(database, input, context.onCommitted);
    context.metrics.commitSeconds.observe((performance.now() - started) / 1000);
    for (const { outcome } of done.outcomes) context.metrics.operations.inc({ outcome });
    return { outcomes: done.outcomes.map(presentOutcome), seq: done.seq };
  });
}

/** The outcome on the wire: lists copied, and no detail where the wire has none. */
function presentOutcome(outcome: Outcome): WireOutcome {
  switch (outcome.outcome) {
    case 'not_found':
    case 'too_large':
      return { outcome: outcome.outcome };
    case 'chunk_missing':
      return { ...outcome, digests: [...outcome.digests] };
    case 'revision_conflict':
      return { ...outcome, entries: outcome.entries === undefined ? undefined : [...outcome.entries] };
    default:
      return outcome;
  }
}

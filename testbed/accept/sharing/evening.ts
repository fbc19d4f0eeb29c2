import { openPlace } from '../../e2e/evening/place.ts';
import { playEvening } from '../../e2e/evening/play-evening.ts';
import type { Point } from '../point.ts';

/** Real people's evening on a whole cell. `DRIFTBOX_ACCEPT_SMALL` takes one node of each back end. */
export const evening: Point = {
  number: 1,
  promise:
    'an evening on the stack of five people in two tenants with eleven devices, who join, share, move, revoke, link and are told by mail ' +
    'and webhook: all trees as stated, ledgers equal to a recount',
  show: async (tell) => {
    const kind = process.env['DRIFTBOX_ACCEPT_SMALL'] === undefined ? 'stack' : 'small-stack';
    const place = await openPlace(kind, tell);
    try {
      const { wrong, figure } = await playEvening(place, tell);
      return { holds: wrong.length === 0, figure: [`on a ${kind}: ${figure}; ${wrong.length} things wrong`, ...wrong].join('\n') };
    } finally {
      await place.close();
    }
  },
};

import { clearTimeout, setTimeout } from 'k6/timers';
import { Trend } from 'k6/metrics';
import { commit } from '../commit.ts';
import { openHints } from '../hint-socket.ts';
import { countFailure } from '../send.ts';
import { tokenOf, whoAmI } from '../session.ts';

const hintWithinMs = 10_000;
const hintDelay = new Trend('hint_delay', true);

/** A device connects, another one of the same person makes a folder, and the first one is woken up: how long after the answer? */
export function wake(): Promise<void> {
  const { index, user } = whoAmI();
  const accessToken = tokenOf(index, user);
  return new Promise((resolve) => {
    let made: { readonly seq: number; readonly atMs: number } | undefined;
    let heardSeq = 0;
    let late: ReturnType<typeof setTimeout> | undefined;
    const awake = (): void => {
      if (made === undefined || heardSeq < made.seq) return;
      hintDelay.add(Date.now() - made.atMs);
      made = undefined;
      socket.close();
    };
    const socket = openHints(accessToken, {
      onReady: () => {
        const entryId = globalThis.crypto.randomUUID();
        const folder = { op: 'createFolder', entryId, parentId: user.rootId, name: `woken-${entryId}` };
        const [outcome] = commit({ ...user, accessToken }, [folder]) ?? [];
        if (outcome === undefined) return socket.close();
        made = { seq: outcome.seq, atMs: Date.now() };
        late = setTimeout(() => {
          countFailure('hints', `no hint of a commit after ${hintWithinMs} ms`);
          socket.close();
        }, hintWithinMs);
        awake();
      },
      onHint: ({ drive, seq }) => {
        if (drive === user.drive) heardSeq = Math.max(heardSeq, seq);
        awake();
      },
      onEnd: () => {
        if (late !== undefined) clearTimeout(late);
        resolve();
      },
    });
  });
}

import type { Life } from './life.ts';
import { recordSettled } from './record-settled.ts';
import { CursorExpired, Offline, Refused, type PendingOperation } from './ports/server.ts';

/**
 * Sends operations that are kept as pending, and records what became of each. Throws `Offline` when some are left
 * unsettled. A drive of another epoch settles them all: it took none of them that it remembers. So does one that may only be read.
 */
export async function sendPending(life: Life, operations: readonly PendingOperation[]): Promise<void> {
  const { server, store, nowMs } = life.around;
  if (operations.length === 0) return;
  const startedMs = nowMs();
  try {
    await server.send(store.fact('epoch') ?? '', operations, {
      sending: (contents) =>
        store.transaction(() => store.keepPending(contents.map(({ operation, content }) => ({ ...operation, content })))),
      settled: (results) => store.transaction(() => results.forEach((one) => recordSettled(life, one.operation, one.settled, startedMs))),
    });
  } catch (error) {
    if (error instanceof Refused) await learnReadOnly(life, error);
    else if (!(error instanceof CursorExpired)) throw error;
    store.transaction(() => store.dropPending(operations.map(({ writeId }) => writeId)));
    life.behind = true;
    life.moved = true;
  }
}

/** Throws what the server said where it is no drive that shows up in another, and `Offline` where it would not say so any longer. */
async function learnReadOnly(life: Life, refused: Refused): Promise<void> {
  const { refuge } = life.around;
  if (refuge === undefined) throw refused.cause;
  if (!(await refuge.isReadOnly())) throw new Offline(refused.message, { cause: refused });
  life.mayOnlyRead = true;
}

/**
 * Learns what became of operations whose answer never came, before anything is planned on top of them: an edit that
 * arrived would otherwise look like somebody else's.
 */
export async function settlePending(life: Life): Promise<void> {
  const { store } = life.around;
  const pending = store.pending().filter(({ mayArrive }) => mayArrive !== true);
  const unsent = pending.filter(({ operation, content }) => operation.op === 'putFile' && content === undefined);
  if (unsent.length > 0) store.transaction(() => store.dropPending(unsent.map(({ writeId }) => writeId)));
  await sendPending(
    life,
    pending.filter((operation) => !unsent.includes(operation)),
  );
}

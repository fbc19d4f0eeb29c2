import type { PassResult, Store } from '@driftbox/sync-client';
import type { World } from '../world.ts';
import { must } from './must.ts';

/** Planning again yields nothing, nothing waits, and no operation is unsettled; the same for drives that show up in a folder. */
export function nothingIsLeftToDo({ clients }: World): void {
  for (const client of clients) {
    isDone(`client ${client.index}`, client.last, client.store);
    for (const { path, runner } of client.mounted()) isDone(`client ${client.index} in ${path}`, runner.last, runner.store);
    const open = new Set(client.mounted().map(({ entryId }) => entryId));
    const closed = [...client.mountStates.keys()].find((entryId) => !open.has(entryId));
    must(closed === undefined, () => `client ${client.index} remembers ${closed}, which is not mounted`);
  }
}

function isDone(who: string, last: PassResult | undefined, store: Store): void {
  const where = () => `${who}: ${JSON.stringify(last)}`;
  must(last?.result === 'quiet', where);
  const { agreements, read, remote, local, waiting } = last.plan;
  must(
    [agreements, read, remote, local, waiting].every(({ length }) => length === 0),
    where,
  );
  must(
    store.pending().every(({ mayArrive }) => mayArrive === true),
    () => `${who} has an operation that is not settled`,
  );
  must(store.changed().length === 0, () => `${who} knows of differences: ${JSON.stringify(store.changed())}`);
}

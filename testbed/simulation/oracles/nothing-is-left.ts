import type { World } from '../world.ts';
import { must } from './must.ts';

/** Planning again yields nothing, nothing waits, and no operation is unsettled. */
export function nothingIsLeftToDo({ clients }: World): void {
  for (const { index, last, store } of clients) {
    const where = () => `client ${index}: ${JSON.stringify(last)}`;
    must(last?.result === 'quiet', where);
    const { agreements, read, remote, local, waiting } = last.plan;
    must(
      [agreements, read, remote, local, waiting].every(({ length }) => length === 0),
      where,
    );
    must(
      store.pending().every(({ mayArrive }) => mayArrive === true),
      () => `client ${index} has an operation that is not settled`,
    );
    must(store.changed().length === 0, () => `client ${index} knows of differences: ${JSON.stringify(store.changed())}`);
  }
}

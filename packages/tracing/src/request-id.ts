import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/** Does `work`, and all that follows from it, on behalf of the request of this id. */
export function onBehalfOf<T>(requestId: string, work: () => T): T {
  return current.run(requestId, work);
}

/** The id of the request that is being answered, traced or not: calls to other services carry it, so that their logs have it too. */
export function currentRequestId(): string | undefined {
  return current.getStore();
}

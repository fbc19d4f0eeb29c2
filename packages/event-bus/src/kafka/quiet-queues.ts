import { createRequire } from 'node:module';

/** The part of kafkajs's queue of requests to a broker that matters here. */
type RequestQueue = { readonly pending: readonly unknown[]; scheduleCheckPendingRequests(): void };

const require = createRequire(import.meta.url);

/** kafkajs's own class, which it does not export. */
export const requestQueue = require('kafkajs/src/network/requestQueue') as { readonly prototype: RequestQueue };

/**
 * kafkajs 2.2.4 looks at an empty queue of requests a thousand times a second, for each broker it is connected to and as
 * long as the connection lives (its issues 1556 and 1704). Nothing is lost by looking only while something waits: whatever
 * comes to wait asks for a look itself.
 */
export function quietQueues(): void {
  const { scheduleCheckPendingRequests } = requestQueue.prototype;
  if (scheduleCheckPendingRequests.name === 'whileSomethingWaits') return;
  requestQueue.prototype.scheduleCheckPendingRequests = function whileSomethingWaits(): void {
    if (this.pending.length > 0) scheduleCheckPendingRequests.call(this);
  };
}

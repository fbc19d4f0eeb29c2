import type { CloudEvent } from '../index.ts';

/** An event with this data, named after it, unless `over` says otherwise. */
export function testEvent(data: unknown, over: Partial<CloudEvent> = {}): CloudEvent {
  return {
    specversion: '1.0',
    id: `id-${String(data)}`,
    source: '/test',
    type: 'test',
    time: '2026-01-01T00:00:00Z',
    datacontenttype: 'application/json',
    tenant: 't',
    partitionkey: 'k',
    data,
    ...over,
  };
}

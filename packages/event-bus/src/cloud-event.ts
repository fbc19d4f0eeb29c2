/**
 * A durable fact, in the JSON form of CloudEvents 1.0 (https://github.com/cloudevents/spec). `tenant` is an extension
 * attribute; `partitionkey` is that of the partitioning extension.
 */
export type CloudEvent<Data = unknown> = {
  readonly specversion: '1.0';
  /** Unique: consumers know a repetition by it. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly subject?: string | undefined;
  readonly tenant: string;
  readonly partitionkey: string;
  /** The step that made it true, of the distributed tracing extension; what is none is as good as none. */
  readonly traceparent?: string | undefined;
  readonly data: Data;
};

const required = ['id', 'source', 'type', 'time', 'tenant', 'partitionkey'] as const;

/** Answers the event, or `undefined` where a required attribute is missing, empty or of another type. */
export function parseCloudEvent(value: unknown): CloudEvent | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  if (fields['specversion'] !== '1.0' || fields['datacontenttype'] !== 'application/json' || !('data' in fields)) return undefined;
  if (required.some((name) => typeof fields[name] !== 'string' || fields[name] === '')) return undefined;
  if (Number.isNaN(Date.parse(fields['time'] as string))) return undefined;
  if (fields['subject'] !== undefined && typeof fields['subject'] !== 'string') return undefined;
  if (fields['traceparent'] !== undefined && typeof fields['traceparent'] !== 'string') return undefined;
  return value as CloudEvent;
}

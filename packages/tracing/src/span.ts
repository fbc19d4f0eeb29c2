/** Who a span stands for; OpenTelemetry's words. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/**
 * All that a span may say: names of OpenTelemetry's semantic conventions where they have one. Values are ids, numbers and words
 * of the program's own. Nothing that a person wrote belongs here, so there is no name for a path, a query, a body or a message.
 */
export type AttributeName =
  | 'db.namespace'
  | 'db.query.summary'
  | 'db.system.name'
  | 'driftbox.attempt'
  | 'driftbox.pool'
  | 'driftbox.service'
  | 'driftbox.tenant.id'
  | 'error.type'
  | 'http.request.method'
  | 'http.response.status_code'
  | 'http.route'
  | 'k8s.object.kind'
  | 'k8s.object.name'
  | 'messaging.consumer.group.name'
  | 'messaging.destination.name'
  | 'messaging.message.id'
  | 'messaging.operation.name'
  | 'messaging.operation.type'
  | 'messaging.system'
  | 'peer.service'
  | 'process.exit.code'
  | 'url.template';

/** What a span says; what is undefined is left out. */
export type SpanAttributes = { readonly [Name in AttributeName]?: string | number | undefined };

/** One step of a trace, open until `end`. */
export type Span = {
  /** 32 digits of lower-case hex. */
  readonly traceId: string;
  /** This span as the parent of others, in the form of the header (W3C Trace Context, section 3.2). */
  readonly traceparent: string;
  set(attributes: SpanAttributes): void;
  /** A name of few values: a method and a route's template, never a path. */
  rename(name: string): void;
  /** Marks the step as failed: its trace is kept. `type` is a code or the name of an error's class. */
  fail(type: string): void;
  end(): void;
};

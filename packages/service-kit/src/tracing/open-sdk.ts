import { setTimeout as delay } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { AlwaysOnSampler, BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { Tracer } from '@driftbox/tracing';
import type { Logger } from '../logger.ts';
import { createTracer, GivenIds } from './create-tracer.ts';
import { toldExporter } from './told-exporter.ts';
import type { TracingTarget } from './tracing-settings.ts';

/** How long stopping may take where the collector does not answer. */
const lastSendMs = 2_000;
const sendTimeoutMs = 5_000;

/**
 * The SDK of OpenTelemetry, with no automatic instrumentation, no metrics and no logs. Every process decides by the trace id
 * alone, so that all of a cell keep the same traces, and nobody who sends a header can have more kept. The SDK
 * is told of what is kept alone.
 */
export function openSdk(target: TracingTarget, service: string, log: Logger): { readonly tracer: Tracer; stop(): Promise<void> } {
  const otlp = new OTLPTraceExporter({ url: target.url, headers: { ...target.headers }, timeoutMillis: sendTimeoutMs });
  const exporter = toldExporter(otlp, log);
  const ids = new GivenIds();
  const sdk = new NodeSDK({
    // Of the machine and the command line nothing is told: those hold paths.
    autoDetectResources: false,
    resource: resourceFromAttributes({ 'service.namespace': 'driftbox', 'service.name': service }).merge(
      detectResources({ detectors: [envDetector] }),
    ),
    sampler: new AlwaysOnSampler(),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: target.gatherMs })],
    spanLimits: { attributeValueLengthLimit: 256 },
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
    textMapPropagator: null,
  });
  sdk.start();
  return {
    tracer: createTracer({ otel: trace.getTracer('driftbox'), ids }, target.ratio),
    stop: async () => {
      await Promise.race([sdk.shutdown().catch(() => {}), delay(lastSendMs, undefined, { ref: false })]);
      trace.disable();
    },
  };
}

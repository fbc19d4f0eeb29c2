import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../logger.ts';

const complainEveryMs = 60_000;

/** Sends by `exporter`, and says in the log when that fails: at once, once a minute while it does, and once when it works again. */
export function toldExporter(exporter: SpanExporter, log: Logger, nowMs: () => number = () => performance.now()): SpanExporter {
  let lost = 0;
  let quietUntilMs = -Infinity;

  function tell(spans: number, isSent: boolean, error: Error | undefined): void {
    if (isSent && lost === 0) return;
    if (isSent) {
      log.info({ lost }, 'traces are sent again');
      [lost, quietUntilMs] = [0, -Infinity];
      return;
    }
    lost += spans;
    if (nowMs() < quietUntilMs) return;
    quietUntilMs = nowMs() + complainEveryMs;
    log.warn({ reason: error?.message.slice(0, 300), lost }, 'traces could not be sent');
  }

  return {
    export: (spans, answer) =>
      exporter.export(spans, (result) => {
        // 0 is success (ExportResultCode).
        tell(spans.length, Number(result.code) === 0, result.error);
        answer(result);
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

import { ConfigError, defineConfig, type Loaded } from '../config.ts';

/** Where traces go: rows under OpenTelemetry's own names that every process's table includes. */
export const tracingSettings = defineConfig({
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    type: 'string',
    optional: true,
    description: 'Collector of traces, as http://collector:4318, reached by OTLP over HTTP in JSON; without it nothing is traced',
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    type: 'string',
    secret: true,
    optional: true,
    description: 'Headers for the collector, as name=value,name=value with values percent-encoded',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    type: 'string',
    default: '0.1',
    description: 'Share of traces that is kept, 0 to 1, judged by the trace id alone; traces with an error in this process are always kept',
  },
  OTEL_BSP_SCHEDULE_DELAY: {
    type: 'int',
    default: 5_000,
    min: 10,
    max: 600_000,
    description: 'Milliseconds for which spans are gathered before they are sent',
  },
  OTEL_RESOURCE_ATTRIBUTES: {
    type: 'string',
    optional: true,
    description: 'What all traces of this process say besides its name, as name=value,name=value; charts say k8s.namespace.name',
  },
  OTEL_SDK_DISABLED: { type: 'bool', default: false, description: 'Traces nothing, whatever else is set' },
});

/** Where traces go and how many. */
export type TracingTarget = {
  /** With the path of traces. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly ratio: number;
  readonly gatherMs: number;
};

/** The target, or `undefined` where tracing is off. Throws `ConfigError`, without a header's value, for what cannot be. */
export function readTracing({ config, secrets }: Loaded<typeof tracingSettings>): TracingTarget | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratioText, OTEL_BSP_SCHEDULE_DELAY: gatherMs } = config;
  const ratio = Number(ratioText);
  const problems: string[] = [];
  if (!/^[0-9.]+$/.test(ratioText) || !(ratio >= 0 && ratio <= 1)) problems.push('OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1');
  if (endpoint !== undefined && !(/^https?:\/\//.test(endpoint) && URL.canParse(endpoint)))
    problems.push('OTEL_EXPORTER_OTLP_ENDPOINT must be an http:// or https:// URL, such as http://collector:4318');
  const headers = readPairs(secrets.OTEL_EXPORTER_OTLP_HEADERS);
  if (headers === undefined) problems.push('OTEL_EXPORTER_OTLP_HEADERS must be written as name=value,name=value');
  if (readPairs(config.OTEL_RESOURCE_ATTRIBUTES) === undefined)
    problems.push('OTEL_RESOURCE_ATTRIBUTES must be written as name=value,name=value');
  if (problems.length > 0) throw new ConfigError(problems);
  if (endpoint === undefined || headers === undefined || config.OTEL_SDK_DISABLED) return undefined;
  return { url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, headers, ratio, gatherMs };
}

const pair = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)=([\x21-\x7e]*)$/;

function readPairs(text = ''): Record<string, string> | undefined {
  const pairs: Record<string, string> = {};
  for (const one of text.split(',').map((part) => part.trim())) {
    if (one === '') continue;
    const [, name, value] = pair.exec(one) ?? [];
    if (name === undefined || value === undefined) return undefined;
    try {
      pairs[name] = decodeURIComponent(value);
    } catch {
      return undefined;
    }
  }
  return pairs;
}

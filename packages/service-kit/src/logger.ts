import { currentSpan } from '@driftbox/tracing';
import pino from 'pino';
import { LogOutput } from './log-output.ts';

/** A structured log: one JSON object a line. Ids are welcome in it; tokens, passwords and file names are not. */
export type Logger = pino.Logger;

type LoggerOptions = {
  readonly service: string;
  readonly level?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Where lines go; default standard output, gathered for at most a second. */
  readonly destination?: pino.DestinationStream;
};

const secrets = [
  'authorization',
  'password',
  'currentPassword',
  'newPassword',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'cookie',
  'serviceKey',
  'invitation',
];

/**
 * Makes the log of a service. Fields with the name of a secret are struck out, at the top and one level below; a line of a
 * traced step has its `trace_id`.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { service, level = 'info' } = options;
  return pino(
    {
      level,
      base: { service },
      mixin: traceOfLine,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    },
    options.destination ?? (standardOutput ??= new LogOutput(1)),
  );
}

let standardOutput: LogOutput | undefined;

/** A fresh object each time: pino adds the line to it. */
function traceOfLine(): { trace_id?: string } {
  const span = currentSpan();
  return span === undefined ? {} : { trace_id: span.traceId };
}

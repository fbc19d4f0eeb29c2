import type { Requests } from '../objectives.ts';

/** The histogram of requests that service-kit gives every service. */
export const requestSeconds = 'http_server_request_duration_seconds';

/** Sums of these requests' series by cell, which Prometheus knows as a namespace; `more` narrows further. */
export function rateOf(suffix: 'bucket' | 'count', requests: readonly Requests[], window: string, more = ''): string {
  const sums = requests.map(({ service, routes }) => {
    const route = routes === undefined ? '' : `,route=~"${routes.join('|')}"`;
    return `${requestSeconds}_${suffix}{service="${service}"${route}${more}}`;
  });
  const [first = '', ...rest] = sums.map((selector) => `rate(${selector}[${window}])`);
  return `sum by (namespace) (${[first, ...rest].join(' or ')})`;
}

/** The bound of a bucket as a matcher. Prometheus 3 writes whole numbers as `1.0`, its predecessors as they were exposed. */
export function within(seconds: number): string {
  return Number.isInteger(seconds) ? `,le=~"${seconds}|${seconds}\\\\.0"` : `,le="${seconds}"`;
}

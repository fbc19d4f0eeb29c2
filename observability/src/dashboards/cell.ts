import { cellVariable, type Dashboard } from './dashboard.ts';
import { chosen, perSecond, quantile } from './expressions.ts';
import { waitingRow } from './waiting-row.ts';

const requests = 'http_server_request_duration_seconds';
const perProcess = (metric: string) => [{ expr: `${metric}{${chosen},part!=""}`, legend: '{{part}} {{instance}}' }];

/** One cell from its front door to its processes. */
export const cell: Dashboard = {
  uid: 'driftbox-cell',
  title: 'DriftBox: cell',
  about: 'Which service of a cell fails or is slow, by which route, and whether its processes have what they need.',
  variables: [cellVariable],
  rows: [
    {
      title: 'Requests',
      panels: [
        {
          title: 'Requests by service',
          about: 'Those that came through the gateway, and those of other services.',
          unit: 'reqps',
          queries: [{ expr: perSecond(`${requests}_count`, 'service'), legend: '{{service}}' }],
        },
        {
          title: 'Answers by class',
          about: 'Those of 5xx are failures of ours; of 4xx the callers’ own, or refusals; 507 is a quota that is used up.',
          unit: 'reqps',
          queries: [{ expr: perSecond(`${requests}_count`, 'service, status'), legend: '{{service}} {{status}}' }],
        },
        {
          title: 'Slowest in a hundred, by service',
          about: 'Until the last byte: a service that sends files is slow with large ones.',
          unit: 's',
          queries: [{ expr: quantile(0.99, requests, 'service'), legend: '{{service}}' }],
        },
        {
          title: 'The ten slowest routes',
          about: 'The slowest in a hundred requests of each; waitForChanges waits on purpose and is left out.',
          unit: 's',
          queries: [
            { expr: `topk(10, ${quantile(0.99, requests, 'service, route', 'route!="waitForChanges"')})`, legend: '{{service}} {{route}}' },
          ],
        },
        {
          title: 'Requests being answered',
          about: 'Growing without end: more comes than goes.',
          unit: 'short',
          queries: [{ expr: `sum by (service) (http_server_requests_in_flight{${chosen}})`, legend: '{{service}}' }],
        },
        {
          title: 'Verdicts of the gateway',
          about: 'A rise of unavailable says that auth was away when something new was asked.',
          unit: 'ops',
          queries: [{ expr: perSecond('driftbox_gateway_verdicts_total', 'verdict'), legend: '{{verdict}}' }],
        },
        {
          title: 'Requests to NGINX',
          about: 'Far more than the services have: it refuses by itself, by the rates of an address. Its access log says whom.',
          unit: 'reqps',
          queries: [{ expr: perSecond('driftbox_gateway_requests_total', 'namespace'), legend: '{{namespace}}' }],
        },
        {
          title: 'Connections to NGINX',
          about: 'Waiting ones are idle. Near the limit of its workers nobody else comes in.',
          unit: 'short',
          queries: [{ expr: `sum by (namespace, state) (driftbox_gateway_connections{${chosen}})`, legend: '{{namespace}} {{state}}' }],
        },
      ],
    },
    {
      title: 'Processes',
      panels: [
        {
          title: 'How late the event loop is',
          about: 'The slowest in a hundred turns. Everything in a process waits for as long.',
          unit: 's',
          queries: perProcess('nodejs_eventloop_lag_p99_seconds'),
          limit: { value: 0.5, good: 'below' },
          alerts: ['DriftBoxOverloaded'],
        },
        {
          title: 'Cores in use',
          about: 'A process near one core answers late: its own code runs on one.',
          unit: 'short',
          queries: [{ expr: `rate(process_cpu_seconds_total{${chosen},part!=""}[$__rate_interval])`, legend: '{{part}} {{instance}}' }],
        },
        {
          title: 'Memory',
          about: 'Resident. One that only ever grows leaks.',
          unit: 'bytes',
          queries: perProcess('process_resident_memory_bytes'),
        },
        {
          title: 'Open files and connections',
          about: 'Against the limit of the process; one that only ever grows leaks.',
          unit: 'short',
          queries: perProcess('process_open_fds'),
        },
        {
          title: 'Time in garbage collection',
          about: 'Seconds a second. Above a tenth, memory is short.',
          unit: 'percentunit',
          queries: [{ expr: perSecond('nodejs_gc_duration_seconds_sum', 'part, instance'), legend: '{{part}} {{instance}}' }],
        },
        {
          title: 'Log lines lost',
          about:
            'Any: the disk of the log is full, or nobody reads where it is sent to. Services go on; what they would have said is gone.',
          unit: 'ops',
          queries: [{ expr: perSecond('driftbox_log_lost_lines_total', 'part, instance'), legend: '{{part}} {{instance}}' }],
        },
        {
          title: 'Callers that wait for PostgreSQL',
          about: 'For a connection of their service. More than a moment of it: slow statements, or too few connections.',
          unit: 'short',
          queries: [{ expr: `sum by (service) (driftbox_database_waiting_callers{${chosen}})`, legend: '{{service}}' }],
        },
        {
          title: 'Connections to PostgreSQL in use',
          about: 'Against all that the service has open.',
          unit: 'short',
          queries: [{ expr: `sum by (service, state) (driftbox_database_connections{${chosen}})`, legend: '{{service}} {{state}}' }],
        },
        {
          title: 'Rates counted without knowing better',
          about: 'Requests admitted under default rates (metadata away), or counted by one process alone (Redis away).',
          unit: 'ops',
          queries: [
            { expr: perSecond('driftbox_gateway_limits_unknown_total', 'namespace'), legend: 'default rates' },
            { expr: perSecond('driftbox_gateway_counted_alone_total', 'namespace'), legend: 'counted alone' },
          ],
        },
      ],
    },
    waitingRow,
  ],
};

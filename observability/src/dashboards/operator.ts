import type { Dashboard, Query } from './dashboard.ts';

const rate = (metric: string, by: string): string => `sum by (${by}) (rate(${metric}[$__rate_interval]))`;
const slowest = (histogram: string, by: string): Query[] => [
  { expr: `histogram_quantile(0.99, ${rate(`${histogram}_bucket`, `le, ${by}`)})`, legend: `{{${by}}}` },
];

/** The operator, by the names that every controller uses. */
export const operator: Dashboard = {
  uid: 'driftbox-operator',
  title: 'DriftBox: operator',
  about: 'Whether resources are brought about. While the operator is away nobody notices but who changes a resource.',
  variables: [],
  rows: [
    {
      title: 'Passes',
      panels: [
        {
          title: 'Passes by what they came to',
          about: 'requeue is a conflict, which is ordinary.',
          unit: 'ops',
          queries: [{ expr: rate('controller_runtime_reconcile_total', 'controller, result'), legend: '{{controller}} {{result}}' }],
        },
        {
          title: 'Passes that failed',
          about: 'A steady rate means that something is stuck; those that are terminal want somebody to change a resource.',
          unit: 'ops',
          queries: [
            { expr: rate('controller_runtime_reconcile_errors_total', 'controller'), legend: '{{controller}}' },
            { expr: rate('controller_runtime_terminal_reconcile_errors_total', 'controller'), legend: '{{controller}} terminal' },
            { expr: rate('controller_runtime_reconcile_timeouts_total', 'controller'), legend: '{{controller}} too long' },
            { expr: rate('controller_runtime_reconcile_panics_total', 'controller'), legend: '{{controller}} defect' },
          ],
        },
        {
          title: 'Rotation of secrets, its phase until now',
          about: 'An hour and growing: SecretsRotated of the Cell says who has not got the new ones, or works with those before.',
          unit: 's',
          queries: [{ expr: 'max(driftbox_secret_rotation_seconds)', legend: 'the longest' }],
        },
        {
          title: 'Slowest pass in a hundred',
          about: 'A pass of a Cell waits for Helm.',
          unit: 's',
          queries: slowest('controller_runtime_reconcile_time_seconds', 'controller'),
        },
      ],
    },
    {
      title: 'Queues',
      panels: [
        {
          title: 'Keys that wait',
          about: 'One that grows means too few workers, or slow ones.',
          unit: 'short',
          queries: [{ expr: 'sum by (controller) (workqueue_depth)', legend: '{{controller}}' }],
        },
        {
          title: 'How long an edit waits before anybody looks at it',
          about: 'The slowest in a hundred.',
          unit: 's',
          queries: slowest('workqueue_queue_duration_seconds', 'controller'),
        },
        {
          title: 'Work begun and not done',
          about: 'Growing means stuck.',
          unit: 's',
          queries: [
            { expr: 'max by (controller) (workqueue_unfinished_work_seconds)', legend: '{{controller}}' },
            { expr: 'max by (controller) (workqueue_longest_running_processor_seconds)', legend: '{{controller}}, the longest' },
          ],
        },
        {
          title: 'Workers that are busy, and how many there are',
          about: 'All of them for long: too few, or each waits for something.',
          unit: 'short',
          queries: [
            { expr: 'sum by (controller) (controller_runtime_active_workers)', legend: '{{controller}} busy' },
            { expr: 'max by (controller) (controller_runtime_max_concurrent_reconciles)', legend: '{{controller}} in all' },
          ],
        },
        {
          title: 'How long a worker has a key',
          about: 'The slowest in a hundred.',
          unit: 's',
          queries: slowest('workqueue_work_duration_seconds', 'controller'),
        },
        {
          title: 'Keys added, and keys that come again',
          about: 'Those that come again had failed: many of one controller are one thing that cannot be done.',
          unit: 'ops',
          queries: [
            { expr: rate('workqueue_adds_total', 'controller'), legend: '{{controller}}' },
            { expr: rate('workqueue_retries_total', 'controller'), legend: '{{controller}} again' },
          ],
        },
      ],
    },
    {
      title: 'The cluster',
      panels: [
        {
          title: 'Processes that lead',
          about: 'One. None: nobody works; two cannot be.',
          unit: 'short',
          queries: [{ expr: 'sum by (name) (leader_election_master_status)', legend: '{{name}}' }],
          limit: { value: 1, good: 'above' },
        },
        {
          title: 'Until the first certificate of a cell ends',
          about: 'The operator makes its own anew when 30 days are left; less means that it cannot.',
          unit: 's',
          queries: [
            {
              expr: 'min by (made_by, shown_to) (driftbox_cell_certificate_left_seconds)',
              legend: 'made by the {{made_by}}, shown to {{shown_to}}',
            },
          ],
        },
        {
          title: 'Requests to the API server',
          about: 'Many 429 mean that it is asked too often, many <error> that it is away.',
          unit: 'reqps',
          queries: [{ expr: rate('rest_client_requests_total', 'method, code'), legend: '{{method}} {{code}}' }],
        },
        {
          title: 'Watches that ended, and changes missed',
          about: 'Closed and idle are ordinary. A steady trickle of missed changes means that watches lose events.',
          unit: 'ops',
          queries: [
            { expr: rate('driftbox_watches_ended_total', 'kind, how'), legend: '{{kind}} {{how}}' },
            { expr: rate('driftbox_watch_missed_changes_total', 'kind'), legend: '{{kind}} missed' },
          ],
        },
      ],
    },
  ],
};

import { freshness } from '../objectives.ts';
import { cellVariable, type Dashboard } from './dashboard.ts';
import { chosen, perSecond, quantile, spread } from './expressions.ts';

const now = (metric: string) => [{ expr: `sum by (namespace) (${metric}{${chosen}})`, legend: '{{namespace}}' }];

/** From a commit to the other devices. */
export const sync: Dashboard = {
  uid: 'driftbox-sync',
  title: 'DriftBox: sync',
  about: 'How fast changes are made, and how fast everybody else learns of them.',
  variables: [cellVariable],
  rows: [
    {
      title: 'Commits',
      panels: [
        {
          title: 'Operations by outcome',
          about: 'Conflicts are ordinary where people work together; a jump is a client that goes wrong.',
          unit: 'ops',
          queries: [{ expr: perSecond('driftbox_metadata_operations_total', 'outcome'), legend: '{{outcome}}' }],
        },
        {
          title: 'Time of a commit in the database',
          about: 'Locks on drives and the disk of PostgreSQL show here first.',
          unit: 's',
          queries: spread('driftbox_metadata_commit_seconds'),
        },
        {
          title: 'Reading of journals',
          about: 'How often clients ask what is new; far more than sockets means that hints do not arrive.',
          unit: 'reqps',
          queries: [
            {
              expr: perSecond('http_server_request_duration_seconds_count', 'route', 'route=~"listChanges|listDrives"'),
              legend: '{{route}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Being told',
      panels: [
        {
          title: 'From a commit to its event',
          about: 'What freshness promises: 99 in 100 below the line.',
          unit: 's',
          queries: spread(freshness.metric),
          limit: { value: freshness.seconds, good: 'below' },
        },
        {
          title: 'From a commit to its hint',
          about: 'Hints may be lost, so a low count is no failure; a long delay is Redis.',
          unit: 's',
          queries: [{ expr: quantile(0.99, 'driftbox_sync_hint_delay_seconds'), legend: 'p99' }],
        },
        {
          title: 'Who told first',
          about: 'Many by event mean that hints are being lost.',
          unit: 'ops',
          queries: [{ expr: perSecond('driftbox_sync_news_total', 'source'), legend: '{{source}}' }],
        },
      ],
    },
    {
      title: 'Sockets',
      panels: [
        { title: 'Sockets', about: 'Devices that follow by socket.', unit: 'short', queries: now('driftbox_sync_sockets') },
        { title: 'People', about: 'Connected now or a moment ago.', unit: 'short', queries: now('driftbox_sync_members') },
        { title: 'Drives', about: 'Which somebody connected may read.', unit: 'short', queries: now('driftbox_sync_drives') },
        {
          title: 'How far devices are behind',
          about: 'In changes, when they say how far they have come. Far behind for long: clients that cannot follow.',
          unit: 'short',
          queries: spread('driftbox_sync_cursor_lag_changes'),
        },
        {
          title: 'Sockets ended and refused',
          about: 'By reason, and by code of the problem. Many of one kind at once are a restart, a revocation or a limit.',
          unit: 'ops',
          queries: [
            { expr: perSecond('driftbox_sync_sockets_ended_total', 'reason'), legend: 'ended: {{reason}}' },
            { expr: perSecond('driftbox_sync_sockets_refused_total', 'code'), legend: 'refused: {{code}}' },
          ],
        },
      ],
    },
  ],
};

import type { Dashboard } from './dashboard.ts';

const controllers = 'controller=~"tenantbackup|tenantbackupschedule|tenantrestore"';
const passes = (metric: string, by: string): string => `sum by (${by}) (rate(${metric}{${controllers}}[$__rate_interval]))`;

/** Whether what people have could be brought back, as the operator counts it. */
export const backup: Dashboard = {
  uid: 'driftbox-backup',
  title: 'DriftBox: backup',
  about: 'Whether the backups of tenants are made, and what would be lost without them. Nobody else notices when they are not.',
  variables: [],
  rows: [
    {
      title: 'Schedules',
      panels: [
        {
          title: 'Schedules by how their backups are',
          about: 'Late: none is whole since the time before the last. Failing: the last one gave up. Invalid: it cannot be followed.',
          unit: 'short',
          queries: [{ expr: 'max by (state) (driftbox_backup_schedules)', legend: '{{state}}' }],
          alerts: ['DriftBoxBackupsFailing'],
        },
        {
          title: 'What would be lost',
          about: 'Of the worst schedule that is not held: since the moment of its newest whole backup.',
          unit: 's',
          queries: [{ expr: 'max(driftbox_backup_exposure_seconds)', legend: 'the worst' }],
        },
      ],
    },
    {
      title: 'Backups and restores',
      panels: [
        {
          title: 'Passes over backups, by what they came to',
          about: 'A backup is looked at while its Job runs. None at all: nobody makes backups.',
          unit: 'ops',
          queries: [{ expr: passes('controller_runtime_reconcile_total', 'controller, result'), legend: '{{controller}} {{result}}' }],
        },
        {
          title: 'Passes over backups that failed',
          about: 'Terminal ones want somebody to change a resource: a Secret that is missing, a bucket that refuses.',
          unit: 'ops',
          queries: [
            { expr: passes('controller_runtime_reconcile_errors_total', 'controller'), legend: '{{controller}}' },
            { expr: passes('controller_runtime_terminal_reconcile_errors_total', 'controller'), legend: '{{controller}} terminal' },
          ],
        },
        {
          title: 'Backups and restores that wait for the operator',
          about: 'One that grows means too few workers, or slow ones.',
          unit: 'short',
          queries: [{ expr: `sum by (controller) (workqueue_depth{${controllers}})`, legend: '{{controller}}' }],
        },
      ],
    },
  ],
};

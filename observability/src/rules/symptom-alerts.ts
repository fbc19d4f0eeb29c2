import { duration, type TimeScale } from '../time-scale.ts';
import type { Alert } from './alert.ts';

const minute = 60;

/** What journeys do not show, or only when it is late: each is something that people lose or soon will. */
export const symptomAlerts: readonly Alert[] = [
  {
    name: 'DriftBoxBytesLost',
    severity: 'critical',
    forSeconds: 0,
    summary: 'A pool has lost or damaged a pack that was acknowledged',
    description: 'Somebody cannot read a file that they saved. Keep every copy of the pool and of its backups as they are.',
    expr: (scale) => {
      const added = (by: string, series: string): string => `sum by (${by}) (increase(${series}[${hour(scale)}])) > 0`;
      const packs = 'driftbox_pack_store_duration_seconds_count{operation="read",outcome=~"not_found|corrupt"}';
      // Part of a pack is read without its checksum: that it is damaged is seen where it is opened, by whoever asked.
      const answers = 'http_server_problems_total{code="content_damaged"}';
      return `${added('namespace, pool, outcome', packs)} or on (namespace) ${added('namespace', answers)}`;
    },
  },
  {
    name: 'DriftBoxPartDown',
    severity: 'critical',
    forSeconds: 2 * minute,
    summary: 'No process of {{ $labels.part }} answers',
    description: 'What it does for people fails at the gateway, which no service counts.',
    // Pods that are not placed, or have no image, are no targets at all: what was one is missed while the rest of its cell is there.
    expr: (scale) => {
      const answering = 'sum by (namespace, part) (up{part!=""})';
      const known = `max by (namespace, part) (max_over_time(up{part!~"|probe"}[${duration(6 * 60 * minute, scale)}]))`;
      // Of the gateway's two programs verify is asked; it says how the other one is.
      const nginx = 'label_replace(sum by (namespace) (driftbox_gateway_nginx_up) == 0, "part", "nginx", "", "")';
      return `${answering} == 0 or (${known} * 0 unless ${answering} and on (namespace) ${answering}) or ${nginx}`;
    },
  },
  {
    name: 'DriftBoxProbeFailing',
    severity: 'critical',
    forSeconds: 5 * minute,
    summary: 'By the front door, {{ $labels.step }} does not work',
    description: 'The probe does what people do, and cannot. Where services count no failures, look at the gateway and in front of it.',
    expr: () => 'max by (namespace, step) (driftbox_probe_step_ok) == 0',
  },
  {
    name: 'DriftBoxPoolFailing',
    severity: 'critical',
    forSeconds: 5 * minute,
    summary: '{{ $value | humanizePercentage }} of the calls to pool {{ $labels.pool }} fail',
    description: 'Uploads and downloads are repeated, then refused. Nothing that was acknowledged depends on it.',
    expr: (scale) => {
      const calls = (more: string): string =>
        `sum by (namespace, pool) (rate(driftbox_pack_store_duration_seconds_count{outcome!~"not_found${more}"}[${five(scale)}]))`;
      return `${calls('|ok')} / ${calls('')} > 0.05`;
    },
  },
  {
    name: 'DriftBoxChangesUnheard',
    severity: 'critical',
    forSeconds: 5 * minute,
    summary: 'Changes are made, and other devices are not told of them',
    description:
      'Events are not published, or sync hears none. Nothing is lost; devices ask once a minute, and new people find no drives yet.',
    expr: (scale) =>
      'max by (namespace) (driftbox_outbox_age_seconds) > 60 or (' +
      `sum by (namespace) (rate(driftbox_metadata_operations_total{outcome="committed"}[${five(scale)}])) > 0 ` +
      `unless on (namespace) sum by (namespace) (rate(driftbox_sync_event_delay_seconds_count[${five(scale)}])) > 0)`,
  },
  {
    name: 'DriftBoxBackupsFailing',
    severity: 'warning',
    forSeconds: 15 * minute,
    summary: 'Of {{ $value }} schedules of backups, the last one failed or is late',
    description:
      'What was saved since their newest whole backup would be lost with the cell, and it grows. The cell itself is as well as ever.',
    expr: () => 'sum by (namespace) (max by (namespace, state) (driftbox_backup_schedules{state=~"late|failing|invalid"})) > 0',
  },
  {
    name: 'DriftBoxOverloaded',
    severity: 'warning',
    forSeconds: 10 * minute,
    summary: 'A process of {{ $labels.part }} is too busy to answer for {{ $value | humanizeDuration }} at a time',
    description: 'Everything that it does waits for as long, readiness probes too. More processes, or less per request.',
    expr: () => 'max by (namespace, part, instance) (nodejs_eventloop_lag_p99_seconds) > 0.5',
  },
  {
    name: 'DriftBoxSignInsRefused',
    severity: 'warning',
    forSeconds: 10 * minute,
    summary: '{{ $value | humanizePercentage }} of sign-ins are refused',
    description: 'Somebody tries passwords, or a client of many people has forgotten theirs.',
    expr: (scale) => {
      const all = `sum by (namespace) (rate(driftbox_auth_sign_ins_total[${five(scale)}]))`;
      const refused = `sum by (namespace) (rate(driftbox_auth_sign_ins_total{outcome="refused"}[${five(scale)}]))`;
      return `${refused} / ${all} > 0.8 and ${refused} > 1`;
    },
  },
];

function five(scale: TimeScale): string {
  return duration(5 * minute, scale);
}

function hour(scale: TimeScale): string {
  return duration(60 * minute, scale);
}

import type { Row } from './dashboard.ts';
import { chosen, perSecond } from './expressions.ts';

const worst = (metric: string, by = 'namespace'): string => `max by (${by}) (${metric}{${chosen}})`;

/** What background work does with the pool: gives back what nobody needs, and reads again what everybody does. */
export const upkeepRow: Row = {
  title: 'Collection, scrubbing and recounts',
  panels: [
    {
      title: 'Bytes collected',
      about: 'Dead: of chunks that nothing references. Moved: live ones, out of mostly dead packs. Freed: given back to the pool.',
      unit: 'Bps',
      queries: [{ expr: perSecond('driftbox_upload_collected_bytes_total', 'what'), legend: '{{what}}' }],
    },
    {
      title: 'Chunks collected',
      about: 'Condemned ones wait for the end of their grace period; removed ones are gone.',
      unit: 'ops',
      queries: [{ expr: perSecond('driftbox_upload_collected_chunks_total', 'outcome'), legend: '{{outcome}}' }],
    },
    {
      title: 'Bytes verified',
      about: 'What scrubbing read and compared. None for days, while there are packs: it stands still.',
      unit: 'Bps',
      queries: [{ expr: perSecond('driftbox_upload_scrubbed_bytes_total', 'namespace'), legend: '{{namespace}}' }],
    },
    {
      title: 'Longest unverified pack',
      about: 'Beyond DRIFTBOX_SCRUB_WITHIN the rate of background work is too low for the pool.',
      unit: 's',
      queries: [{ expr: worst('driftbox_upload_oldest_verification_seconds'), legend: '{{namespace}}' }],
    },
    {
      title: 'Damaged chunks',
      about: 'Above zero somebody cannot read a file: driftbox admin fsck says whose.',
      unit: 'none',
      queries: [{ expr: worst('driftbox_upload_damaged_chunks'), legend: '{{namespace}}' }],
    },
    {
      title: 'Ledgers beside a recount',
      about: 'Bytes between what is kept and what was counted anew; anything but zero is a defect.',
      unit: 'bytes',
      queries: [
        { expr: worst('driftbox_upload_ledger_drift_bytes'), legend: 'physical, {{namespace}}' },
        { expr: worst('driftbox_metadata_ledger_drift_bytes'), legend: 'logical, {{namespace}}' },
      ],
    },
    {
      title: 'Files in ledgers beside a recount',
      about: 'Anything but zero is a defect.',
      unit: 'none',
      queries: [{ expr: worst('driftbox_metadata_ledger_drift_files'), legend: '{{namespace}}' }],
    },
    {
      title: 'Strays',
      about: 'Packs that no row names: a few after a crash, gone a grace period later. Foreign ones open under no key of ours.',
      unit: 'none',
      queries: [
        { expr: worst('driftbox_upload_stray_packs'), legend: 'stray, {{namespace}}' },
        { expr: worst('driftbox_upload_foreign_objects'), legend: 'foreign, {{namespace}}' },
      ],
    },
    {
      title: 'Bytes of strays',
      about: 'What packs that no row names take in the pool.',
      unit: 'bytes',
      queries: [{ expr: worst('driftbox_upload_stray_bytes'), legend: '{{namespace}}' }],
    },
    {
      title: 'Strays removed',
      about:
        'Packs that never got a row, and writes that were not finished. Many without a crash: something fails between pool and database.',
      unit: 'ops',
      queries: [{ expr: perSecond('driftbox_upload_strays_removed_total', 'what'), legend: '{{what}}' }],
    },
    {
      title: 'Tenants left in rounds of background work',
      about:
        'Falls to zero in each round, recounts among them. One that stays where it is: something takes long, or fails again and again.',
      unit: 'short',
      queries: [
        { expr: `sum by (round) (driftbox_round_tenants{${chosen},state="left"})`, legend: '{{round}}' },
        { expr: `max by (round) (driftbox_round_tenants{${chosen},state="done"})`, legend: '{{round}}: done' },
      ],
    },
    {
      title: 'Since each job was last done',
      about: 'Beyond a few of its periods it is stuck, or too slow for so many tenants.',
      unit: 's',
      queries: [{ expr: worst('driftbox_upload_upkeep_age_seconds', 'round'), legend: '{{round}}' }],
    },
  ],
};

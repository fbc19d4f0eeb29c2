import { lostBytes } from '../objectives.ts';
import { cellVariable, type Dashboard } from './dashboard.ts';
import { chosen, perSecond, quantile } from './expressions.ts';
import { upkeepRow } from './upkeep-row.ts';

const calls = 'driftbox_pack_store_duration_seconds';
const bytes = 'driftbox_upload_chunk_bytes_total';
const callsOf = (outcome: string): string => perSecond(`${calls}_count`, 'namespace, pool', outcome);
const received = (form: string): string => perSecond(bytes, 'namespace', `form="${form}"`);

/** Pools, and whether what they were given is still there. */
export const storage: Dashboard = {
  uid: 'driftbox-storage',
  title: 'DriftBox: storage and durability',
  about: 'Whether pools answer and keep what they were given, and what deduplication and deltas save.',
  variables: [cellVariable],
  rows: [
    {
      title: 'Durability',
      panels: [
        {
          title: 'Packs found lost or damaged, and answers that told so, in a day',
          about: 'The objective is none, ever. Anything here: keep every copy of the pool, and read the runbook.',
          unit: 'short',
          view: 'number',
          queries: [
            {
              expr: `sum(increase(${calls}_count{${chosen},operation="read",outcome=~"not_found|corrupt"}[1d])) or vector(0)`,
              legend: 'packs',
            },
            {
              expr: `sum(increase(http_server_problems_total{${chosen},code="content_damaged"}[1d])) or vector(0)`,
              legend: 'answers',
            },
          ],
          limit: { value: lostBytes + 1, good: 'below' },
          alerts: ['DriftBoxBytesLost'],
        },
        {
          title: 'Calls to pools that fail',
          about: 'Above the line somebody is told.',
          unit: 'percentunit',
          queries: [
            {
              expr: `1 - ${callsOf('outcome="ok"')} / ${callsOf('outcome!="not_found"')}`,
              legend: '{{namespace}} {{pool}}',
            },
          ],
          limit: { value: 0.05, good: 'below' },
          alerts: ['DriftBoxPoolFailing'],
        },
        {
          title: 'Calls to pools by outcome',
          about: 'Which kind of error it is.',
          unit: 'ops',
          queries: [{ expr: perSecond(`${calls}_count`, 'pool, operation, outcome'), legend: '{{pool}} {{operation}} {{outcome}}' }],
        },
      ],
    },
    {
      title: 'Pools',
      panels: [
        {
          title: 'Slowest calls in a hundred',
          about: 'Reads that are slow are asked for twice; writes hold up whoever uploads.',
          unit: 's',
          queries: [{ expr: quantile(0.99, calls, 'pool, operation'), legend: '{{pool}} {{operation}}' }],
        },
        {
          title: 'Bytes to and from pools',
          about: 'Ciphertext, which is what the pool’s network and disks carry.',
          unit: 'Bps',
          queries: [{ expr: perSecond('driftbox_pack_store_bytes_total', 'pool, operation'), legend: '{{pool}} {{operation}}' }],
        },
        {
          title: 'Transfer memory not in use',
          about: 'Near zero, transfers wait for one another.',
          unit: 'bytes',
          queries: [
            { expr: `min by (namespace, direction) (driftbox_upload_memory_free_bytes{${chosen}})`, legend: '{{namespace}} {{direction}}' },
          ],
        },
      ],
    },
    {
      title: 'What is saved',
      panels: [
        {
          title: 'Bytes on the wire for each byte of chunks',
          about: 'What compression and deltas leave to send.',
          unit: 'percentunit',
          queries: [{ expr: `${received('wire')} / (${received('plain')} > 0)`, legend: '{{namespace}}' }],
        },
        {
          title: 'Chunks asked about, by answer',
          about: 'Those known need not be sent.',
          unit: 'ops',
          queries: [{ expr: perSecond('driftbox_upload_asked_chunks_total', 'answer'), legend: '{{answer}}' }],
        },
        {
          title: 'Chunks received, by outcome',
          about: 'Those known lay in the pool already.',
          unit: 'ops',
          queries: [{ expr: perSecond('driftbox_upload_received_chunks_total', 'outcome'), legend: '{{outcome}}' }],
        },
        {
          title: 'Rows that retention removed',
          about: 'None for days: the sweeper stands still.',
          unit: 'ops',
          queries: [
            { expr: perSecond('driftbox_metadata_swept_rows_total', 'what'), legend: '{{what}}' },
            { expr: perSecond('driftbox_auth_swept_rows_total', 'namespace'), legend: 'of auth, {{namespace}}' },
          ],
        },
      ],
    },
    {
      title: 'A second pool, where there is one',
      panels: [
        {
          title: 'Packs that one of two pools lacks',
          about: 'When they were last brought together. Above zero there is one copy of these; keep both pools.',
          unit: 'none',
          queries: [{ expr: `max by (namespace) (driftbox_upload_mirror_lacking_packs{${chosen}})`, legend: '{{namespace}}' }],
        },
        {
          title: 'Packs that one pool alone took, and packs copied to the other',
          about: 'Missed: a pool is out of reach or full. Copied: what the next resync makes good.',
          unit: 'ops',
          queries: [
            { expr: perSecond('driftbox_upload_mirror_missed_writes_total', 'namespace'), legend: 'missed, {{namespace}}' },
            { expr: perSecond('driftbox_upload_mirror_copied_packs_total', 'namespace'), legend: 'copied, {{namespace}}' },
          ],
        },
      ],
    },
    upkeepRow,
  ],
};

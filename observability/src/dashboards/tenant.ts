import { cellVariable, type Dashboard } from './dashboard.ts';
import { chosen, perSecond } from './expressions.ts';

const requests = 'driftbox_tenant_requests_total';
const watched = 'tenant=~"$tenant"';
const all = perSecond(requests, 'namespace, tenant', watched);

/** What a tenant gets, of those that are watched by name; all others together are `other`. */
export const tenant: Dashboard = {
  uid: 'driftbox-tenant',
  title: 'DriftBox: tenant',
  about: 'What a tenant asks for and gets. Tenants are named by DRIFTBOX_METRICS_TENANTS, a few at most; all others together are "other".',
  variables: [cellVariable, { name: 'tenant', label: 'Tenant', metric: requests, of: 'tenant' }],
  rows: [
    {
      title: 'What it gets',
      panels: [
        { title: 'Requests', about: 'Of all services.', unit: 'reqps', queries: [{ expr: all, legend: '{{namespace}} {{tenant}}' }] },
        {
          title: 'Requests that fail',
          about: 'For a reason of ours. Compare with the platform: is it this tenant alone?',
          unit: 'percentunit',
          queries: [
            {
              expr: `(${perSecond(requests, 'namespace, tenant', `${watched},status="5xx"`)} or ${all} * 0) / (${all} > 0)`,
              legend: '{{namespace}} {{tenant}}',
            },
          ],
        },
        {
          title: 'Time of a request, on average',
          about: 'Until the last byte. Compare with "other": a neighbour that is loud makes both slow.',
          unit: 's',
          queries: [
            {
              expr: `${perSecond('driftbox_tenant_request_seconds_total', 'namespace, tenant', watched)} / (${all} > 0)`,
              legend: '{{namespace}} {{tenant}}',
            },
          ],
        },
        {
          title: 'Answers by service and class',
          about: 'Many of 4xx: refused by a limit, or a client that goes wrong.',
          unit: 'reqps',
          queries: [{ expr: perSecond(requests, 'service, status', watched), legend: '{{service}} {{status}}' }],
        },
        {
          title: 'Bytes of files',
          about: 'Sent and received.',
          unit: 'Bps',
          queries: [
            { expr: perSecond('driftbox_tenant_stream_bytes_total', 'tenant, direction', watched), legend: '{{tenant}} {{direction}}' },
          ],
        },
        {
          title: 'Bytes stored',
          about: 'What its packs take in the pool, as was last counted.',
          unit: 'bytes',
          queries: [
            {
              expr: `max by (namespace, tenant) (driftbox_upload_stored_bytes{${chosen},${watched}})`,
              legend: '{{namespace}} {{tenant}}',
            },
          ],
        },
        {
          title: 'Share of the load of its cell',
          about: 'A tenant near 100 % decides how fast its neighbours are.',
          unit: 'percentunit',
          queries: [
            {
              expr: `${all} / on (namespace) group_left () sum by (namespace) (rate(${requests}{${chosen}}[$__rate_interval]))`,
              legend: '{{namespace}} {{tenant}}',
            },
          ],
        },
      ],
    },
  ],
};

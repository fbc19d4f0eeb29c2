import { budgetOf, recorded } from '../rules/record-journeys.ts';
import { journeys, objectiveDays } from '../objectives.ts';
import { cellVariable, type Dashboard } from './dashboard.ts';
import { chosen, perSecond, quantile } from './expressions.ts';
import { usageRow } from './usage-row.ts';

const failureBudget = Math.max(...journeys.map(({ availability }) => budgetOf(availability)));
const left = (ratio: string, budget: string): string => `1 - ${ratio}{${chosen}} / on (journey) group_left () ${budget}`;

/** Where to look first: is anything wrong, and where. */
export const platform: Dashboard = {
  uid: 'driftbox-platform',
  title: 'DriftBox: platform',
  about: 'Is anything wrong, and in which cell? From here on to the cell, and to what its alert names.',
  variables: [cellVariable],
  rows: [
    {
      title: `What people do (objectives over ${objectiveDays} days)`,
      panels: [
        {
          title: 'Requests that fail, by journey',
          about: 'Above the line the error budget goes faster than it comes back.',
          unit: 'percentunit',
          queries: [{ expr: `${recorded.failureRatio('5m')}{${chosen}}`, legend: '{{namespace}} {{journey}}' }],
          limit: { value: failureBudget, good: 'below' },
          alerts: ['DriftBoxJourneyFailingFast', 'DriftBoxJourneyFailingSteady', 'DriftBoxJourneyFailingCreeping'],
        },
        {
          title: 'Requests that are slow, by journey',
          about:
            'The share that took longer than its objective; freshness is from a commit to its event. The budget is 1 %, of downloads 5 %.',
          unit: 'percentunit',
          queries: [
            { expr: `${recorded.slowRatio('5m')}{${chosen}}`, legend: '{{namespace}} {{journey}}' },
            { expr: recorded.slowBudget, legend: 'budget of {{journey}}' },
          ],
          alerts: ['DriftBoxJourneyLateFast', 'DriftBoxJourneyLateSteady', 'DriftBoxJourneyLateCreeping'],
        },
        {
          title: 'Error budget left at the pace of the last three days',
          about: 'At 0 % the budget of a month is just used up if it goes on like this; below, promises are broken.',
          unit: 'percentunit',
          queries: [{ expr: left(recorded.failureRatio('3d'), recorded.failureBudget), legend: '{{namespace}} {{journey}}' }],
          limit: { value: 0, good: 'above' },
        },
      ],
    },
    {
      title: 'Cells',
      panels: [
        {
          title: 'Processes that answer, by part',
          about: 'A part with none is down for everybody in that cell.',
          unit: 'short',
          queries: [
            { expr: `sum by (namespace, part) (up{${chosen},part!=""})`, legend: '{{namespace}} {{part}}' },
            { expr: `sum by (namespace) (driftbox_gateway_nginx_up{${chosen}})`, legend: '{{namespace}} nginx' },
          ],
          limit: { value: 1, good: 'above' },
          alerts: ['DriftBoxPartDown'],
        },
        {
          title: 'Requests by cell',
          about: 'Where the load is.',
          unit: 'reqps',
          queries: [{ expr: perSecond('http_server_request_duration_seconds_count', 'namespace'), legend: '{{namespace}}' }],
        },
        {
          title: 'Bytes of files by cell',
          about: 'Received from clients, and sent to them.',
          unit: 'Bps',
          queries: [{ expr: perSecond('http_server_stream_bytes_total', 'namespace, direction'), legend: '{{namespace}} {{direction}}' }],
        },
      ],
    },
    {
      title: 'The front door, as the probe finds it',
      panels: [
        {
          title: 'Steps that work',
          about: 'What a person could do just now. A step that stands at 0 fails; those behind it are not tried.',
          unit: 'short',
          queries: [{ expr: `max by (namespace, step) (driftbox_probe_step_ok{${chosen}})`, legend: '{{namespace}} {{step}}' }],
          limit: { value: 1, good: 'above' },
          alerts: ['DriftBoxProbeFailing'],
        },
        {
          title: 'How long steps take, slowest in twenty',
          about: 'What a person feels, the gateway and the way to it included; sync is until another device would have heard.',
          unit: 's',
          queries: [{ expr: quantile(0.95, 'driftbox_probe_step_seconds', 'step', 'outcome="ok"'), legend: '{{step}}' }],
        },
        {
          title: 'Rounds by outcome',
          about: 'Far fewer than usual: the probe itself stands still.',
          unit: 'ops',
          queries: [{ expr: perSecond('driftbox_probe_rounds_total', 'namespace, outcome'), legend: '{{namespace}} {{outcome}}' }],
        },
      ],
    },
    {
      title: 'People',
      panels: [
        {
          title: 'Sign-ins by outcome',
          about: 'Many refused or throttled mean that somebody guesses passwords.',
          unit: 'ops',
          queries: [{ expr: perSecond('driftbox_auth_sign_ins_total', 'namespace, outcome'), legend: '{{namespace}} {{outcome}}' }],
          alerts: ['DriftBoxSignInsRefused'],
        },
        {
          title: 'Problems by code',
          about: 'What was answered with a problem of docs/errors.md: rate_limited are refusals, internal are defects.',
          unit: 'ops',
          queries: [{ expr: perSecond('http_server_problems_total', 'service, code'), legend: '{{service}} {{code}}' }],
        },
        {
          title: 'Uses of links',
          about: 'What comes from outside, by people without an account.',
          unit: 'ops',
          queries: [{ expr: perSecond('driftbox_link_uses_total', 'namespace, kind'), legend: '{{namespace}} {{kind}}' }],
        },
        {
          title: 'Visitors of links who were refused',
          about: 'Unknown tokens and wrong passwords in number mean that somebody guesses.',
          unit: 'ops',
          queries: [{ expr: perSecond('driftbox_link_refusals_total', 'namespace, reason'), legend: '{{namespace}} {{reason}}' }],
        },
        {
          title: 'Sign-ins by an issuer, by outcome',
          about: 'Many refused mean that an OpenID issuer, or its client, is set wrongly.',
          unit: 'ops',
          queries: [{ expr: perSecond('driftbox_auth_issuer_sign_ins_total', 'namespace, outcome'), legend: '{{namespace}} {{outcome}}' }],
        },
        {
          title: 'Notifications',
          about: 'What people were told. None at all while they share means that nobody hears the events.',
          unit: 'ops',
          queries: [
            { expr: perSecond('driftbox_notifications_total', 'namespace, kind, channel'), legend: '{{namespace}} {{kind}} {{channel}}' },
          ],
        },
        {
          title: 'Mails to people',
          about: 'What was mailed of notifications. Failed ones are tried again: many mean that the mail server is away.',
          unit: 'ops',
          queries: [{ expr: perSecond('driftbox_notification_mails_total', 'namespace, outcome'), legend: '{{namespace}} {{outcome}}' }],
        },
        {
          title: 'Mails and deliveries that wait',
          about: 'Mails that should have gone, and events for receivers; failing receivers are tried less and less often.',
          unit: 'short',
          queries: [
            {
              expr: `sum by (namespace, queue) (driftbox_queue_waiting_items{${chosen},queue=~"mails|notification_mails|webhook_.*"})`,
              legend: '{{namespace}} {{queue}}',
            },
          ],
        },
        {
          title: 'Webhook deliveries',
          about: 'Tries to send events to the addresses that people gave, and webhooks that were switched off.',
          unit: 'ops',
          queries: [
            { expr: perSecond('driftbox_webhook_deliveries_total', 'namespace, outcome'), legend: '{{namespace}} {{outcome}}' },
            { expr: perSecond('driftbox_webhooks_disabled_total', 'namespace'), legend: '{{namespace}} switched off' },
          ],
        },
      ],
    },
    usageRow,
  ],
};

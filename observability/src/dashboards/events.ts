import { freshness } from '../objectives.ts';
import { cellVariable, type Dashboard } from './dashboard.ts';
import { chosen, perSecond, quantile } from './expressions.ts';

/** Events from the outbox to whoever hears them. */
export const events: Dashboard = {
  uid: 'driftbox-events',
  title: 'DriftBox: events',
  about: 'Whether events leave their outboxes and arrive. None is lost while its outbox waits.',
  variables: [cellVariable],
  rows: [
    {
      title: 'Outboxes',
      panels: [
        {
          title: 'Age of the oldest event not published',
          about:
            'Above the line the event bus is away or too slow, and somebody is told; also where commits are made of which sync hears none.',
          unit: 's',
          queries: [{ expr: `max by (namespace, service) (driftbox_outbox_age_seconds{${chosen}})`, legend: '{{namespace}} {{service}}' }],
          limit: { value: 60, good: 'below' },
          alerts: ['DriftBoxChangesUnheard'],
        },
        {
          title: 'Events not published',
          about: 'Counted up to 100,000. One that grows while its age does not is a burst.',
          unit: 'short',
          queries: [
            { expr: `max by (namespace, service) (driftbox_outbox_waiting_events{${chosen}})`, legend: '{{namespace}} {{service}}' },
          ],
        },
      ],
    },
    {
      title: 'Arrival',
      panels: [
        {
          title: 'Events of commits that are heard',
          about: 'By all processes of sync together: each hears every event.',
          unit: 'ops',
          queries: [{ expr: perSecond(`${freshness.metric}_count`, 'namespace'), legend: '{{namespace}}' }],
        },
        {
          title: 'From a commit to its event, slowest in a hundred',
          about: 'The outbox, Kafka and the consumer together.',
          unit: 's',
          queries: [{ expr: quantile(0.99, freshness.metric, 'namespace'), legend: '{{namespace}}' }],
          limit: { value: freshness.seconds, good: 'below' },
        },
        {
          title: 'Events given up, in a day',
          about: 'Dead letters: each is something that stays undone until it is replayed. npm run events -- dead-letters lists them.',
          unit: 'short',
          queries: [
            { expr: `sum by (namespace, part) (increase(driftbox_dead_letters_total{${chosen}}[1d]))`, legend: '{{namespace}} {{part}}' },
          ],
        },
      ],
    },
  ],
};

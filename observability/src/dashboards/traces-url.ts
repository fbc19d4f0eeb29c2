/** Where traces are kept, by Grafana's name for it; a dashboard has a choice of one of each kind. */
type Keeper = { readonly name: string; readonly label: string; readonly type: 'datasource'; readonly query: 'tempo' | 'jaeger' };

/** A Tempo, or what speaks its language, and a Jaeger: whoever has but one leaves the other alone. */
export const traceKeepers: readonly Keeper[] = [
  { name: 'traces', label: 'Traces (Tempo)', type: 'datasource', query: 'tempo' },
  { name: 'jaeger', label: 'Traces (Jaeger)', type: 'datasource', query: 'jaeger' },
];

/** All that trace; Jaeger is asked for those of one at a time. */
const programs = ['auth', 'metadata', 'notification', 'operator', 'share', 'standalone', 'sync', 'upload', 'verify'];

const questions: Readonly<Record<Keeper['query'], readonly object[]>> = {
  tempo: [{ queryType: 'traceql', query: '{ resource.service.namespace = "driftbox" && status = error }' }],
  jaeger: programs.map((service) => ({ queryType: 'search', service, tags: 'error=true' })),
};

/**
 * Where in Grafana the traces with an error are, of the time that the dashboard shows: an address of Explore, as Grafana 10 and
 * later write it themselves.
 */
export function failedTracesUrl({ name, query: type }: Keeper): string {
  const uid = `\${${name}}`;
  const queries = questions[type].map((question, at) => ({ refId: String.fromCharCode(65 + at), datasource: { type, uid }, ...question }));
  const panes = { driftbox: { datasource: uid, queries, range: { from: '${__from}', to: '${__to}' } } };
  // Grafana puts its variables in where they are written as such.
  return `/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify(panes)).replaceAll(/%24%7B(\w+)%7D/g, '${$1}')}`;
}

/** The dashboard's choice of where traces are kept: a Tempo, or what speaks its language. */
export const tracesVariable = { name: 'traces', label: 'Traces', type: 'datasource', query: 'tempo' };

const query = '{ resource.service.namespace = "driftbox" && status = error }';

/**
 * Where in Grafana the traces with an error are, of the time that the dashboard shows: an address of Explore, as Grafana 10 and
 * later write it themselves.
 */
export function failedTracesUrl(): string {
  const queries = [{ refId: 'A', datasource: { type: 'tempo', uid: '${traces}' }, queryType: 'traceql', query }];
  const panes = { driftbox: { datasource: '${traces}', queries, range: { from: '${__from}', to: '${__to}' } } };
  // Grafana puts its variables in where they are written as such.
  return `/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify(panes)).replaceAll(/%24%7B(\w+)%7D/g, '${$1}')}`;
}

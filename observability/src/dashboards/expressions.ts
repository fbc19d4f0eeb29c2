/** What every expression narrows by: the chosen cells. */
export const chosen = 'namespace=~"$cell"';

/** Per second, over as long as a point of the picture stands for. */
export function perSecond(metric: string, by: string, more = ''): string {
  return `sum by (${by}) (rate(${metric}{${chosen}${more === '' ? '' : `,${more}`}}[$__rate_interval]))`;
}

/** A quantile of a histogram, `by` some labels or over all. */
export function quantile(share: number, histogram: string, by = '', more = ''): string {
  return `histogram_quantile(${share}, ${perSecond(`${histogram}_bucket`, by === '' ? 'le' : `le, ${by}`, more)})`;
}

/** The median and the slowest in a hundred of a histogram. */
export function spread(histogram: string, more = ''): { readonly expr: string; readonly legend: string }[] {
  return [0.5, 0.99].map((share) => ({ expr: quantile(share, histogram, '', more), legend: `p${share * 100}` }));
}

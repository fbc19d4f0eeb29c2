/** A sample's labels; its value is of no interest to whoever asks what there is. */
export type ScrapedLabels = Readonly<Record<string, string>>;

/** A metric as a process exposes it. */
export type ScrapedMetric = { readonly type: string; readonly samples: readonly ScrapedLabels[] };

/** Reads what answers at `url`, by the name under which each metric is declared. Throws where it is no exposition. */
export async function readMetrics(url: string): Promise<ReadonlyMap<string, ScrapedMetric>> {
  const metrics = new Map<string, { type: string; samples: ScrapedLabels[] }>();
  const text = await (await fetch(url)).text();
  let current: { type: string; samples: ScrapedLabels[] } | undefined;
  for (const line of text.split('\n')) {
    const [, declared, type = ''] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (declared !== undefined) metrics.set(declared, (current = { type, samples: [] }));
    else if (line !== '' && !line.startsWith('#')) current?.samples.push(labelsOf(line));
  }
  if (metrics.size === 0) throw new Error(`${url} answers no metrics: ${text.slice(0, 100)}`);
  return metrics;
}

function labelsOf(line: string): ScrapedLabels {
  return Object.fromEntries([...line.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [name, value]));
}

import type { Figures } from './read-summary.ts';
import { svgText } from './svg-text.ts';

const width = 720;
const labelWidth = 130;
const rowHeight = 26;
const series = [
  { key: 'p99Ms', title: 'p99', colour: '#c6dbef' },
  { key: 'p95Ms', title: 'p95', colour: '#6baed6' },
  { key: 'p50Ms', title: 'p50', colour: '#08519c' },
] as const;

/** A bar chart of p50, p95 and p99 in milliseconds, a row each, as SVG. Rows without requests are left out. */
export function latencyPlot(title: string, figures: readonly Figures[]): string {
  const rows = figures.filter(({ requests }) => requests > 0);
  const longest = Math.max(1, ...rows.map(({ p99Ms }) => p99Ms));
  const scale = (ms: number): string => ((ms / longest) * (width - labelWidth - 90)).toFixed(1);
  const height = 60 + rows.length * rowHeight;
  const bars = rows.flatMap((row, index) => {
    const y = 50 + index * rowHeight;
    return [
      svgText(labelWidth - 8, y + 13, row.name, 'end'),
      ...series.map(({ key, colour }) => `<rect x="${labelWidth}" y="${y}" width="${scale(row[key])}" height="18" fill="${colour}"/>`),
      svgText(labelWidth + Number(scale(row.p99Ms)) + 6, y + 13, `${row.p99Ms.toFixed(1)} ms`),
    ];
  });
  const legend = series.flatMap(({ title: name, colour }, index) => [
    `<rect x="${labelWidth + index * 60}" y="28" width="12" height="12" fill="${colour}"/>`,
    svgText(labelWidth + 16 + index * 60, 39, name),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    svgText(labelWidth, 18, title),
    ...legend,
    ...bars,
    '</svg>',
    '',
  ].join('\n');
}

import { svgText } from './svg-text.ts';

/** A line: where it goes through, x in the plot's own unit. */
export type Line = { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] };

/** One coordinate system with its lines. */
export type LinePanel = { readonly title: string; readonly lines: readonly Line[] };

const width = 720;
const panelHeight = 190;
const left = 60;
const right = 130;
const plotHeight = 120;
const colours = ['#08519c', '#e6550d', '#31a354', '#756bb1', '#636363', '#d62728', '#17becf', '#bcbd22', '#8c564b'];

/** Line charts one below the other over the same x axis, each from zero up, as SVG. */
export function linePlot(xTitle: string, panels: readonly LinePanel[]): string {
  const mostX = Math.max(1e-9, ...panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([x]) => x))));
  const size = `width="${width}" height="${panels.length * panelHeight}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">`,
    `<rect ${size} fill="white"/>`,
    ...panels.flatMap((panel, index) => panelOf(panel, index * panelHeight, mostX, xTitle)),
    '</svg>',
    '',
  ].join('\n');
}

function panelOf({ title, lines }: LinePanel, top: number, mostX: number, xTitle: string): string[] {
  const mostY = Math.max(1e-9, ...lines.flatMap(({ points }) => points.map(([, y]) => y)));
  const floor = top + 30 + plotHeight;
  const at = ([x, y]: readonly [number, number]): string =>
    `${(left + (x / mostX) * (width - left - right)).toFixed(1)},${(floor - (y / mostY) * plotHeight).toFixed(1)}`;
  return [
    svgText(left, top + 18, title),
    svgText(left - 6, top + 40, short(mostY), 'end'),
    svgText(left - 6, floor, '0', 'end'),
    svgText(width - right, floor + 16, `${short(mostX)} ${xTitle}`, 'end'),
    `<path d="M${left} ${top + 30}V${floor}H${width - right}" fill="none" stroke="#999"/>`,
    ...lines.flatMap(({ name, points }, index) => {
      const colour = colours[index % colours.length] ?? 'black';
      return [
        `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points.map(at).join(' ')}"/>`,
        `<rect x="${width - right + 12}" y="${top + 26 + index * 16}" width="10" height="10" fill="${colour}"/>`,
        svgText(width - right + 28, top + 36 + index * 16, name),
      ];
    }),
  ];
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

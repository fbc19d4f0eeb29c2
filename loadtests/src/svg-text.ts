/** A piece of text in an SVG, at a point. */
export function svgText(x: number, y: number, content: string, anchor: 'start' | 'end' = 'start'): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped}</text>`;
}

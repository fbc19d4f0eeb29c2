/** One directive with its semicolon, or a block of them. */
export type Directive = string | Block;
/** A block: its header without the brace, and what is in it. */
export type Block = { readonly header: string; readonly lines: readonly Directive[] };

/** A block. */
export function block(header: string, lines: readonly Directive[]): Block {
  return { header, lines };
}

/** Text in single quotes as NGINX reads them. Variables (`$name`) in it still count. */
export function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, (character) => `\\${character}`)}'`;
}

/** Lays directives out as text, two spaces a level. */
export function layOut(lines: readonly Directive[], depth = 0): string {
  const indent = '  '.repeat(depth);
  return lines
    .map((line) =>
      typeof line === 'string' ? `${indent}${line}\n` : `${indent}${line.header} {\n${layOut(line.lines, depth + 1)}${indent}}\n`,
    )
    .join('');
}

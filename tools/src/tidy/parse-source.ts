import { parseSync } from 'oxc-parser';
import { lineAt, type FunctionUse, type ImportUse, type SourceFile } from './source-file.ts';
import { isNode, literalString, walk, type SyntaxNode } from './syntax-node.ts';

const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
const importTypes = new Set(['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression']);
const typeDeclarations = new Set(['TSTypeAliasDeclaration', 'TSInterfaceDeclaration', 'ImportDeclaration']);
const testCalls = new Set(['test', 'it', 'describe']);

/** Parses one file into what rules look at. Text that does not parse is left to the type checker: it has no imports here. */
export function parseSource(path: string, local: string, text: string): SourceFile {
  const { program, comments } = parseSync(path, text, { sourceType: 'module' });
  const body = program.body as unknown as SyntaxNode[];
  const found = collect(body, text);
  const code = blank(text, [...comments, ...found.strings]);
  const defaultExport = body.find((node) => node.type === 'ExportDefaultDeclaration');
  return {
    path,
    local,
    isTest: path.endsWith('.test.ts') || /(^|[/-])(?:conformance|testing)[/.-]/.test(local),
    text,
    code,
    imports: found.imports,
    functions: found.functions,
    defaultExportLine: defaultExport === undefined ? undefined : lineAt(text, defaultExport.start),
    onlyTypes: body.length > 0 && body.every(declaresOnlyTypes),
    ...countLines(text, blank(text, comments)),
  };
}

type Span = { readonly start: number; readonly end: number };

function collect(body: SyntaxNode[], text: string) {
  const imports: ImportUse[] = [];
  const functions: (Span & { line: number; lines: number })[] = [];
  const strings: Span[] = [];
  const testCallStarts: number[] = [];
  walk(body, (node) => {
    if (importTypes.has(node.type)) {
      const specifier = literalString(node.source);
      const typeOnly = node.importKind === 'type' || node.exportKind === 'type';
      if (specifier !== undefined) imports.push({ specifier, line: lineAt(text, node.start), typeOnly });
    }
    if (functionTypes.has(node.type)) {
      const lines = text.slice(node.start, node.end).split('\n').length;
      functions.push({ start: node.start, end: node.end, line: lineAt(text, node.start), lines });
    }
    if (literalString(node) !== undefined) strings.push({ start: node.start + 1, end: node.end - 1 });
    if (node.type === 'TemplateElement') strings.push(node);
    if (node.type === 'CallExpression' && isTestCall(node.callee)) testCallStarts.push(node.start);
  });
  const withTests = functions.map(({ start, end, line, lines }): FunctionUse => ({
    line,
    lines,
    groupsTests: testCallStarts.some((at) => at > start && at < end),
  }));
  return { imports, functions: withTests, strings };
}

/** `test(…)`, `describe.each(…)(…)` and the like. */
function isTestCall(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === 'Identifier') return testCalls.has(String(callee.name));
  return isTestCall(callee.type === 'MemberExpression' ? callee.object : callee.callee);
}

function declaresOnlyTypes(node: SyntaxNode): boolean {
  if (node.type !== 'ExportNamedDeclaration') return typeDeclarations.has(node.type);
  return isNode(node.declaration) && typeDeclarations.has(node.declaration.type);
}

/** Replaces spans by spaces, keeping line breaks and so every offset. */
function blank(text: string, spans: readonly Span[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    if (span.start < from) continue;
    pieces.push(text.slice(from, span.start), text.slice(span.start, span.end).replace(/[^\n]/g, ' '));
    from = span.end;
  }
  return pieces.join('') + text.slice(from);
}

/** Lines that hold code, and lines that hold nothing but a comment; empty lines are neither. */
function countLines(text: string, withoutComments: string): { commentLines: number; codeLines: number } {
  const bare = withoutComments.split('\n');
  const counts = { commentLines: 0, codeLines: 0 };
  for (const [index, line] of text.split('\n').entries()) {
    if (bare[index]?.trim() !== '') counts.codeLines += 1;
    else if (line.trim() !== '') counts.commentLines += 1;
  }
  return counts;
}

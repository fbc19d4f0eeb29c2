import type { Breach, Rule } from '../breach.ts';
import { allFiles } from '../repository.ts';

const maxLineLength = 140;
// Written in pieces, so that this file does not break its own rule.
const unfinished = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`);

/** Lines that fit, and no notes about work left undone. */
export const sourceText: Rule = {
  name: 'text',
  check: (repository) =>
    allFiles(repository).flatMap(({ file }) =>
      file.text.split('\n').flatMap((line, index): Breach[] => {
        const at = { path: file.path, line: index + 1 };
        const breaches: Breach[] = [];
        if (line.length > maxLineLength) breaches.push({ ...at, message: `${line.length} characters; break the line at ${maxLineLength}` });
        if (unfinished.test(line)) breaches.push({ ...at, message: 'finish it now, or describe it where plans are kept' });
        if (line.includes('\t')) breaches.push({ ...at, message: 'indent with two spaces' });
        return breaches;
      }),
    ),
};

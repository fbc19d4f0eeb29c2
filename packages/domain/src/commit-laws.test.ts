import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { histories, operations, play, realRule } from './testing/history.ts';
import type { Rule } from './testing/history.ts';
import { emptyLine } from './ledger.ts';
import * as laws from './testing/laws.ts';
import type { Law } from './testing/laws.ts';

/** Each law with a planted bug: the real rule, lied to about the one thing that the law depends on. */
const plantedBugs: { law: keyof typeof laws; bug: string; rule: Rule }[] = [
  {
    law: 'noCycle',
    bug: 'ancestors are not looked at',
    rule: (state, request) =>
      realRule({ ...state, entries: state.entries.map((entry) => ({ ...entry, parentId: state.drive.rootId })) }, request),
  },
  { law: 'uniqueNames', bug: 'taken names are not seen', rule: (state, request) => realRule({ ...state, children: [] }, request) },
  {
    law: 'gapFree',
    bug: 'a number is left out',
    rule: (state, request) => {
      const done = realRule(state, request);
      return done.result === 'done' ? { ...done, seq: done.seq + (done.changes.length > 1 ? 1 : 0) } : done;
    },
  },
  {
    law: 'noStaleWrite',
    bug: 'content seems never to have changed',
    rule: (state, request) => realRule({ ...state, entries: state.entries.map((entry) => ({ ...entry, contentRev: 1 })) }, request),
  },
  {
    law: 'noStaleWrite',
    bug: 'place seems never to have changed',
    rule: (state, request) => realRule({ ...state, entries: state.entries.map((entry) => ({ ...entry, placeRev: 1 })) }, request),
  },
  {
    law: 'deletesOnlySeen',
    bug: 'changes of others are not looked at',
    rule: (state, request) => realRule({ ...state, changed: { complete: true, entries: [] } }, request),
  },
  { law: 'repeatsAnswerAlike', bug: 'answers are forgotten', rule: (state, request) => realRule({ ...state, answers: [] }, request) },
  { law: 'atomicIsWhole', bug: 'atomic is ignored', rule: (state, request) => realRule(state, { ...request, atomic: false }) },
  {
    law: 'withinBudget',
    bug: 'the budget has no end',
    rule: (state, request) => realRule(state, { ...request, budget: { ...request.budget, growBytes: Infinity } }),
  },
  {
    law: 'withinBudget',
    bug: 'files are not counted',
    rule: (state, request) => realRule(state, { ...request, budget: { ...request.budget, files: undefined } }),
  },
  {
    law: 'ledgerIsRecount',
    bug: 'subtrees seem empty',
    rule: (state, request) =>
      realRule({ ...state, sums: state.sums.map((sum) => ({ ...sum, kept: emptyLine, all: emptyLine, history: emptyLine })) }, request),
  },
  {
    law: 'countersHold',
    bug: 'content seems never to have changed',
    rule: (state, request) => realRule({ ...state, entries: state.entries.map((entry) => ({ ...entry, contentRev: 1 })) }, request),
  },
];

const brokenLaw: { readonly [L in keyof typeof laws]: RegExp } = {
  noCycle: /does not reach the root/,
  uniqueNames: /two children named/,
  gapFree: /seq counts the changes/,
  noStaleWrite: /went over what its writer had not seen/,
  deletesOnlySeen: /took what its author had not seen/,
  repeatsAnswerAlike: /a repeat answers the original|a repeat writes nothing/,
  atomicIsWhole: /half an atomic commit/,
  withinBudget: /grew by/,
  ledgerIsRecount: /recount/,
  countersHold: /contentRev is the last change|rev moves with/,
};

const everyLaw: Law = (drive, step) => {
  for (const law of Object.values(laws)) law(drive, step);
};

describe('the commit rule keeps every law, whatever the history', () => {
  test('all laws, after every commit', () => {
    fc.assert(
      fc.property(histories, (history) => void play(history, realRule, everyLaw)),
      { numRuns: 1500 },
    );
  });

  test('every kind of operation and outcome comes up in the histories', () => {
    const seen = new Set<string>();
    for (const history of fc.sample(histories, 300)) {
      play(history, realRule, (_drive, { request, done }) => {
        done.outcomes.forEach(({ outcome }, index) => seen.add(`${request.operations[index]!.op} ${outcome}`));
      });
    }
    for (const op of operations) {
      expect(seen).toContain(`${op} committed`);
    }
    for (const one of [
      'putFile revision_conflict',
      'putFile quota_exceeded',
      'move name_taken',
      'move invalid_argument',
      'delete revision_conflict',
      'purge not_found',
      'createFolder already_exists',
      'move aborted',
    ]) {
      expect(seen).toContain(one);
    }
  });
});

describe('each law catches the bug planted for it', () => {
  test.each(plantedBugs)('$law: $bug', ({ law, rule }) => {
    const found = fc.check(
      fc.property(histories, (history) => void play(history, rule, laws[law])),
      { numRuns: 3000, endOnFailure: true },
    );
    // Caught by the law itself, not by some assertion on the way.
    expect(String(found.errorInstance)).toMatch(brokenLaw[law]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { alertRule } from './rules/alert.ts';
import { alerts } from './rules/rule-groups.ts';
import { trueTime } from './time-scale.ts';

const folder = path.resolve(import.meta.dirname, '../../docs/runbooks');
const parts = ['Meaning', 'Impact', 'First look', 'Fix', 'Escalation'];

test.each(alerts)('$name has a runbook with all its parts, and leads to it', (alert) => {
  const text = readFileSync(path.join(folder, `${alert.name}.md`), 'utf8');
  expect(text.startsWith(`# ${alert.name}\n`)).toBe(true);
  const sections = text.split(/^## /m).slice(1);
  expect(sections.map((section) => section.split('\n')[0])).toEqual(parts);
  for (const section of sections) expect(section.split('\n').slice(1).join('').trim().length).toBeGreaterThan(20);
  const { annotations, labels } = alertRule(alert, trueTime);
  expect(annotations.runbook_url).toMatch(new RegExp(`/docs/runbooks/${alert.name}$`));
  expect(labels.severity).toMatch(/^(critical|warning)$/);
  expect(annotations.summary.length).toBeLessThan(120);
});

test('no runbook is of an alert that is gone', () => {
  const pages = readdirSync(folder).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(alerts.map(({ name }) => `${name}.md`).sort());
});

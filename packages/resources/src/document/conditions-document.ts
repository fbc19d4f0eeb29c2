import { conditionTypes } from '../conditions.ts';

/** `docs/conditions.md`: every condition with its reasons. */
export function conditionsDocument(): string {
  return [
    '# Conditions',
    '<!-- Generated from packages/resources/src/conditions.ts by `npm run generate`. -->',
    '',
    'What the status of a StoragePool, Quota, Cell or Tenant may say. Each condition is True, False or Unknown, gives one of its',
    'reasons, and says by `observedGeneration` which spec it is about: `kubectl wait --for=condition=Ready` is honest after an edit.',
    'One that is not there is not known yet. Reasons are API: programs may rely on them, and they are never renamed.',
    '',
    ...Object.entries(conditionTypes).flatMap(([type, { about, reasons }]) => [
      `## ${type}`,
      about,
      '',
      '| reason | |',
      '|---|---|',
      ...Object.entries(reasons).map(([reason, text]) => `| \`${reason}\` | ${text} |`),
      '',
    ]),
  ].join('\n');
}

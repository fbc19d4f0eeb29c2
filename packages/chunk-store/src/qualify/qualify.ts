import { randomUUID } from 'node:crypto';
import type { S3Client } from '../s3/s3-client.ts';
import type { Check } from './check.ts';
import { createCheckTools, removeAll } from './check-tools.ts';
import { objectChecks } from './checks/objects.ts';
import { partChecks } from './checks/parts.ts';
import { readingChecks } from './checks/reading.ts';

/** How one check ended. */
export type Finding = Pick<Check, 'feature' | 'name' | 'weight'> & {
  readonly holds: boolean;
  /** A figure where it holds, what is lacking where it does not. */
  readonly note: string;
};

/** Whether a product is good enough for packs, and all that was found. */
export type Verdict = { readonly goodEnough: boolean; readonly findings: readonly Finding[] };

const allChecks: readonly Check[] = [...objectChecks, ...readingChecks, ...partChecks];

/** Checks that take moments and few bytes: for whoever wants to know again and again whether a bucket is what it was. */
export const quickChecks: readonly Check[] = allChecks.filter(({ feature }) => feature !== 'throughput' && feature !== 'lifecycle');

/** Tries what DriftBox asks of an S3 product (all of it, unless `checks` says less) in the client's bucket, and removes what it wrote. */
export async function qualify(client: S3Client, report: (finding: Finding) => void, checks = allChecks): Promise<Verdict> {
  const prefix = `driftbox-qualify/${randomUUID()}/`;
  const tools = createCheckTools(client, prefix);
  const findings: Finding[] = [];
  try {
    for (const { feature, name, weight, run } of checks) {
      const finding = await run(tools).then(
        (figure = ''): Finding => ({ feature, name, weight, holds: true, note: figure }),
        (error: unknown): Finding => ({
          feature,
          name,
          weight,
          holds: false,
          note: String(Object(error).message ?? error).split('\n')[0] ?? '',
        }),
      );
      findings.push(finding);
      report(finding);
    }
  } finally {
    await removeAll(client, prefix);
  }
  return { goodEnough: findings.every(({ holds, weight }) => holds || weight === 'wanted'), findings };
}

import type { LinkPolicy } from '@driftbox/protocol';

const dayMs = 24 * 3_600_000;

/** The terms of a link, times in milliseconds. */
export type LinkTerms = {
  readonly createdMs: number;
  readonly expiresMs: number | null;
  readonly maxDownloads: number | null;
  readonly downloads: number;
  readonly hasPassword: boolean;
};

/** Whether a link opens anything by its own terms. */
export function linkState(terms: LinkTerms, nowMs: number): 'active' | 'expired' | 'used_up' {
  if (terms.expiresMs !== null && terms.expiresMs <= nowMs) return 'expired';
  return terms.maxDownloads !== null && terms.downloads >= terms.maxDownloads ? 'used_up' : 'active';
}

/** What a tenant's policy has against a link; `undefined` where nothing. A link that was made before the policy obeys it, too. */
export function policyObjection(policy: LinkPolicy, terms: LinkTerms, nowMs: number): string | undefined {
  if (!policy.allowed) return 'The tenant allows no links';
  if (policy.password === 'required' && !terms.hasPassword) return 'The tenant wants a password on every link';
  if (policy.maxDays === undefined) return undefined;
  const lastMs = terms.createdMs + policy.maxDays * dayMs;
  if (nowMs >= lastMs) return `A link of this tenant ends after ${policy.maxDays} days`;
  return undefined;
}

/** When a link ends under a policy: as it says, or as the tenant says, whichever comes first; `null` for never. */
export function endsAt(policy: LinkPolicy, createdMs: number, expiresMs: number | null): number | null {
  const lastMs = policy.maxDays === undefined ? null : createdMs + policy.maxDays * dayMs;
  if (lastMs === null || expiresMs === null) return lastMs ?? expiresMs;
  return Math.min(lastMs, expiresMs);
}

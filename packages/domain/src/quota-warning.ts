/** Whose limit it is. */
export type QuotaHolder = 'user' | 'tenant';

/**
 * How full somebody is told that they, or their tenant, are, in percent of what they may have; below `until` an earlier warning is
 * forgotten. Who administers a tenant hears of it earlier: they have to find room, or money, for others.
 */
export const quotaWarnings: Readonly<Record<QuotaHolder, { readonly at: readonly number[]; readonly until: number }>> = {
  user: { at: [90, 100], until: 80 },
  tenant: { at: [80, 90, 100], until: 70 },
};

/** What a holder has of a limit, how much more they take now, and the last warning, 0 for none. */
export type Fullness = {
  readonly holder: QuotaHolder;
  readonly heldBytes: number;
  readonly growBytes: number;
  readonly limitBytes: number;
  readonly warned: number;
};

/** The warning that holds from now on, and whether it is to be told: each once while the holder stays above `until`. */
export function quotaWarning({ holder, heldBytes, growBytes, limitBytes, warned }: Fullness): {
  readonly warned: number;
  readonly tell: boolean;
} {
  const { at, until } = quotaWarnings[holder];
  const before = heldBytes * 100 >= limitBytes * until ? warned : 0;
  const now = at.findLast((percent) => (heldBytes + growBytes) * 100 >= limitBytes * percent) ?? 0;
  return now > before ? { warned: now, tell: true } : { warned: before, tell: false };
}

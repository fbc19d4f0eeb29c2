/** How full somebody is told to be, in percent of what they may have. */
export const quotaWarnings = [90, 100] as const;
/** Below this much, in percent, an earlier warning is forgotten. */
export const warnedUntil = 80;

/** What a holder has of a limit, and the last warning, 0 for none. */
export type Fullness = { readonly heldBytes: number; readonly limitBytes: number; readonly warned: number };

/** The warning that holds now, and whether it is to be told: each once while the holder stays above `warnedUntil`. */
export function quotaWarning({ heldBytes, limitBytes, warned }: Fullness): { readonly warned: number; readonly tell: boolean } {
  const isAt = (percent: number): boolean => heldBytes * 100 >= limitBytes * percent;
  const before = isAt(warnedUntil) ? warned : 0;
  const now = quotaWarnings.findLast(isAt) ?? 0;
  return now > before ? { warned: now, tell: true } : { warned: before, tell: false };
}

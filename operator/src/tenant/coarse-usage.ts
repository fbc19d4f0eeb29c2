import type { ContentState, Usage } from './cell-door.ts';
import type { CoarseUsage, ShownContent } from './tenant.ts';

const units = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];

/** Usage as the status shows it: bytes with three digits and a unit, as people read them. */
export function coarseUsage({ storageBytes, files, users }: Usage): CoarseUsage {
  return { storage: coarseBytes(storageBytes), files, users };
}

/**
 * What the status is to show. What it shows already stays for five minutes, and while nothing moved by one percent: exact figures are
 * metrics, and every write wakes everybody who watches. People who come are shown at once: they are few.
 */
export function nextUsage(shown: CoarseUsage | undefined, measured: Usage, sinceShownMs: number): CoarseUsage {
  const next = coarseUsage(measured);
  if (shown === undefined || shown.users !== next.users) return next;
  const isDue = sinceShownMs >= 5 * 60_000;
  const isMoved = hasMoved(shown.storage, measured.storageBytes) || moved(shown.files, next.files);
  return isDue && isMoved ? next : shown;
}

/** How whole the content is, as the status shows it: by the day, which a tenant at rest writes once in one at most. */
export function shownContent({ verifiedSince, damagedChunks }: ContentState): ShownContent {
  return { ...(verifiedSince === undefined ? {} : { verifiedSince: verifiedSince.slice(0, 10) }), damagedChunks };
}

/** Bytes of what `coarseUsage` shows, as near as it shows them; 0 for any other text. */
export function bytesShown(text: string): number {
  const [, value, unit = ''] = /^(\d+(?:\.\d+)?)([KMGTP]i)?$/.exec(text) ?? [];
  return value === undefined ? 0 : Math.round(Number(value) * 1024 ** units.indexOf(unit));
}

function moved(before: number, after: number): boolean {
  return Math.abs(after - before) * 100 >= Math.max(before, 1);
}

/** Whether bytes moved by one percent from what is shown; that was rounded, and they did where they did from all that it may stand for. */
export function hasMoved(shown: string, bytes: number): boolean {
  const before = bytesShown(shown);
  const [, digits = '', unit = ''] = /^[\d]+\.?(\d*)([KMGTP]i)?$/.exec(shown) ?? [];
  const roundedBy = unit === '' ? 0 : (1024 ** units.indexOf(unit) * 10 ** -digits.length) / 2;
  return (Math.abs(bytes - before) - roundedBy) * 100 >= Math.max(before, 1);
}

function coarseBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  const digits = power === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${units[power]}`;
}

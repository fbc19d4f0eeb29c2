import type { Preferences } from '@driftbox/protocol';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMinutes = 1_440;
/** What comes within a minute goes as one mail, so that nobody gets thousands. */
const gatherMs = minuteMs;
/** When daily digests go. */
const morning = '08:00';

/** When what happens now is mailed to who wants it like this: after quiet hours, at the end of a digest's time. Pure. */
export function dueAt({ digest, quiet, timeZone }: Preferences['email'], nowMs: number): number {
  const endMs = digest === 'daily' ? nextClock(nowMs, morning, timeZone) : nowMs + gatherMs;
  const wantedMs = digest === 'hourly' ? Math.floor(nowMs / hourMs + 1) * hourMs : endMs;
  return quiet !== null && isBetween(localMinutes(wantedMs, timeZone), quiet) ? nextClock(wantedMs, quiet.to, timeZone) : wantedMs;
}

/** The next moment after `nowMs` at which a clock of the zone shows this time; where its hour is skipped, the one that takes its place. */
function nextClock(nowMs: number, clock: string, timeZone: string): number {
  const target = minutesOf(clock);
  const aheadOf = (minutes: number): number => (target - minutes + dayMinutes) % dayMinutes;
  const guessMs = Math.floor(nowMs / minuteMs) * minuteMs + (aheadOf(localMinutes(nowMs, timeZone)) || dayMinutes) * minuteMs;
  // A change to or from summer time in between moves it by an hour.
  const off = aheadOf(localMinutes(guessMs, timeZone));
  return guessMs + (off > dayMinutes / 2 ? off - dayMinutes : off) * minuteMs;
}

/** From the first time up to the second, over midnight where that is earlier. The same time twice is never. */
function isBetween(minutes: number, { from, to }: { readonly from: string; readonly to: string }): boolean {
  const [first, last] = [minutesOf(from), minutesOf(to)];
  return first <= last ? minutes >= first && minutes < last : minutes >= first || minutes < last;
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localMinutes(atMs: number, timeZone: string): number {
  const known = formats.get(timeZone);
  const format = known ?? new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  // There are about 600 zones.
  if (known === undefined) formats.set(timeZone, format);
  return minutesOf(format.format(atMs));
}

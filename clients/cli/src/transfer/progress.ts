import { readChoice } from '@driftbox/command-line';
import { showBytes } from '../output.ts';
import type { Output } from '../output.ts';

/** How a transfer is shown: redrawn in place, as lines now and then, as JSON lines, or not at all. */
export type ProgressStyle = 'bar' | 'lines' | 'json' | 'none';

/** Told what has happened; shows it at its own pace. */
export type Progress = {
  /** Plain bytes of files that are done with. */
  bytes(count: number): void;
  file(): void;
  /** Bytes on the wire. */
  sent(count: number): void;
  /** Shows the end state. */
  end(): void;
};

/** Plain bytes, and files. */
export type Totals = { readonly bytes: number; readonly files: number };

const drawnEveryMs = 100;
const toldEveryMs = 5_000;

/** Progress towards totals, on standard error. */
export function createProgress(
  output: Output,
  style: ProgressStyle,
  totals: Totals,
  now: () => number = () => performance.now(),
): Progress {
  const startMs = now();
  const done = { bytes: 0, files: 0, sent: 0 };
  let shownMs = startMs;
  const show = (last: boolean): void => {
    const seconds = (now() - startMs) / 1000;
    if (style === 'json')
      output.note(JSON.stringify({ progress: { ...done, totalBytes: totals.bytes, totalFiles: totals.files, seconds } }));
    else if (style === 'bar') output.draw(`\r\u001b[K${line(done, totals, seconds)}${last ? '\n' : ''}`);
    else if (style === 'lines') output.note(line(done, totals, seconds));
  };
  const changed = (): void => {
    if (style === 'none' || now() - shownMs < (style === 'bar' ? drawnEveryMs : toldEveryMs)) return;
    shownMs = now();
    show(false);
  };
  return {
    bytes: (count) => {
      done.bytes += count;
      changed();
    },
    file: () => {
      done.files += 1;
      changed();
    },
    sent: (count) => {
      done.sent += count;
    },
    end: () => {
      // A transfer too short to have told anything says enough by its result.
      if (totals.files > 0 && (style !== 'lines' || shownMs > startMs)) show(true);
    },
  };
}

/** One line for people: bytes, files, rate, and the time still to go. */
export function line(done: Totals, totals: Totals, seconds: number): string {
  const rate = seconds > 0 ? done.bytes / seconds : 0;
  const left = rate > 0 ? Math.max(0, totals.bytes - done.bytes) / rate : undefined;
  const share = totals.bytes > 0 ? Math.floor((100 * Math.min(done.bytes, totals.bytes)) / totals.bytes) : 100;
  const eta = left === undefined ? '' : `, ${showSeconds(left)} left`;
  const bytes = `${showBytes(done.bytes)} of ${showBytes(totals.bytes)}`;
  return `${share} %  ${bytes}, ${done.files} of ${totals.files} files, ${showBytes(rate)}/s${eta}`;
}

function showSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** The style for an output: what `--progress` asks for, else what fits where standard error goes. Throws `UsageError`. */
export function progressStyle(output: Output, asked: string | undefined): ProgressStyle {
  if (asked !== undefined) return readChoice<ProgressStyle>('--progress', asked, ['bar', 'lines', 'json', 'none']);
  if (output.json) return 'none';
  return output.terminal ? 'bar' : 'lines';
}

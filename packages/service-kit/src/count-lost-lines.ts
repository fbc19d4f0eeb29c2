import { Counter, type Registry } from 'prom-client';
import { lostLogLines } from './log-output.ts';

/** Counts the lines of this process's logs that could not be written. To be called once for a registry. */
export function countLostLines(registry: Registry): void {
  let counted = 0;
  new Counter({
    name: 'driftbox_log_lost_lines_total',
    help: 'Lines of the log that could not be written: its disk is full, or nobody reads where it is sent to',
    registers: [registry],
    collect() {
      const lost = lostLogLines();
      this.inc(lost - counted);
      counted = lost;
    },
  });
}

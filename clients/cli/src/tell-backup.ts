import type { Progress, Tell } from '@driftbox/backup';
import type { Context } from './command.ts';
import { showBytes } from './output.ts';
import { progressStyle } from './transfer/progress.ts';

const drawnEveryMs = 100;
const toldEveryMs = 5_000;

/** Shows progress of backups on standard error, as transfers do. */
export function tellBackup({ output, given }: Context): { readonly tell: Tell; end(): void } {
  const style = progressStyle(output, given.text('progress'));
  let shownMs = performance.now();
  let drawn = false;
  const tell: Tell = (progress) => {
    if (style === 'none' || performance.now() - shownMs < (style === 'bar' ? drawnEveryMs : toldEveryMs)) return;
    shownMs = performance.now();
    if (style === 'json') output.note(JSON.stringify({ progress }));
    else if (style === 'lines') output.note(lineOf(progress));
    else {
      output.draw(`\r\u001b[K${lineOf(progress)}`);
      drawn = true;
    }
  };
  return { tell, end: () => (drawn ? output.draw('\n') : undefined) };
}

function lineOf({ stage, done, total, bytes }: Progress): string {
  const share = total === undefined || total === 0 ? '' : `${Math.floor((100 * done) / total)} %  `;
  const moved = bytes === 0 ? '' : `, ${showBytes(bytes)}`;
  return `${stage}: ${share}${done}${total === undefined ? '' : ` of ${total}`}${moved}`;
}

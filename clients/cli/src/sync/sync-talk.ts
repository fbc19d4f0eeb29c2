import type { Deed, FolderStatus } from '@driftbox/sync-client';
import { showBytes, visible } from '../output.ts';
import type { Output } from '../output.ts';

/** Bytes that went by so far. */
type Traffic = { sent: number; fetched: number };

const drawnEveryMs = 200;

/** Tells people on a terminal what sync does, line by line with its state below; anybody else gets a JSON object per line. */
export class SyncTalk {
  readonly #output: Output;
  readonly #stream: boolean;
  readonly #traffic: Traffic = { sent: 0, fetched: 0 };
  readonly #counts = { sent: 0, fetched: 0, other: 0 };
  #state = '';
  #drawnMs = 0;

  constructor(output: Output) {
    this.#output = output;
    this.#stream = output.json || !output.terminal;
  }

  readonly progress = {
    sent: (bytes: number): void => this.#moved('sent', bytes),
    fetched: (bytes: number): void => this.#moved('fetched', bytes),
  };

  deed(deed: Deed): void {
    if (deed.deed === 'sent' || deed.deed === 'fetched') this.#counts[deed.deed] += 1;
    else this.#counts.other += 1;
    if (this.#stream) this.#output.line(JSON.stringify({ at: new Date().toISOString(), ...deed }));
    else this.#above(showDeed(deed));
  }

  status(status: FolderStatus): void {
    if (this.#stream) {
      const { state, reason, at, waiting } = status;
      return this.#output.line(JSON.stringify({ at, state, reason, waiting }));
    }
    this.#state = showState(status);
    this.#draw();
  }

  note(text: string): void {
    if (this.#stream) this.#output.note(text);
    else this.#above(text);
  }

  /** Ends the line that is redrawn. */
  end(): void {
    if (!this.#stream && this.#drawnMs > 0) this.#output.draw('\n');
  }

  #moved(way: keyof Traffic, bytes: number): void {
    this.#traffic[way] += bytes;
    if (!this.#stream && performance.now() - this.#drawnMs > drawnEveryMs) this.#draw();
  }

  #above(line: string): void {
    this.#output.draw('\r\u001b[K');
    this.#output.line(line);
    this.#draw();
  }

  #draw(): void {
    this.#drawnMs = performance.now();
    const { sent, fetched } = this.#traffic;
    this.#output.draw(`\r\u001b[K${this.#state}  (${showBytes(sent)} up, ${showBytes(fetched)} down)`);
  }
}

/** One line for people: `-> sent       notes.txt  (4.0 KiB)`; the arrow leads to where it was done. */
export function showDeed({ deed, side, path, detail, sizeBytes }: Deed): string {
  const arrow = side === 'server' ? '->' : '<-';
  const more = detail === undefined ? '' : deed === 'refused' ? `: ${visible(detail)}` : `  (from ${visible(detail)})`;
  const size = sizeBytes === undefined ? '' : `  (${showBytes(sizeBytes)})`;
  return `${arrow} ${deed.padEnd(10)} ${visible(path)}${more}${size}`;
}

/** One line for people about how a folder stands. */
export function showState({ state, reason, waiting }: Pick<FolderStatus, 'state' | 'reason' | 'waiting'>): string {
  switch (state) {
    case 'in_sync':
      return 'In sync';
    case 'waiting':
      return `In sync, except ${waiting.length} that wait: driftbox status tells why`;
    case 'syncing':
      return 'Syncing';
    case 'offline':
      return `Offline: ${visible(reason ?? 'no answer')}`;
    case 'halted':
      return `Stopped, nothing was done: ${visible(reason ?? '')}`;
    case 'paused':
      return 'Paused: driftbox resume goes on';
    case 'stopped':
      return 'Not running';
  }
}

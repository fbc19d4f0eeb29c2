import { exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { counted, showBytes, visible } from './output.ts';
import type { Output } from './output.ts';
import type { LeftOut } from './transfer/local-item.ts';

/** What a transfer did. */
export type TransferReport = {
  readonly path: string;
  readonly files: number;
  readonly folders: number;
  readonly symlinks: number;
  readonly bytes: number;
  readonly unchanged: number;
  /** Payload bytes on the wire, where this side counts them. */
  readonly sentBytes?: number;
  readonly fetchedBytes?: number;
  readonly leftOut: readonly LeftOut[];
};

/** Shows a transfer's end and answers `partial` if something was left out that should not have been. */
export function tellTransfer(output: Output, verb: string, report: TransferReport): ExitCode {
  for (const { path, why, fault } of report.leftOut) {
    if (!output.json) output.note(`${fault ? 'failed' : 'skipped'}: ${visible(path)} ${why}`);
  }
  const faults = report.leftOut.filter((one) => one.fault).length;
  output.result(report, () => [sentenceOf(verb, report, faults)]);
  return faults === 0 ? exitCodes.ok : exitCodes.partial;
}

/** `Sent 2 files (6 B, 494 B on the wire), 1 folder; 3 unchanged`: what there was none of is left out. */
function sentenceOf(verb: string, { files, folders, symlinks, bytes, unchanged, ...wire }: TransferReport, faults: number): string {
  const onWire = showBytes(wire.sentBytes ?? wire.fetchedBytes ?? 0);
  const done = [
    ...(files === 0 ? [] : [`${counted(files, 'file')} (${showBytes(bytes)}, ${onWire} on the wire)`]),
    ...(folders === 0 ? [] : [counted(folders, 'folder')]),
    ...(symlinks === 0 ? [] : [counted(symlinks, 'link')]),
  ];
  const left = [...(unchanged === 0 ? [] : [`${unchanged} unchanged`]), ...(faults === 0 ? [] : [`${faults} failed`])];
  return [`${verb} ${done.join(', ') || 'nothing'}`, ...left].join('; ');
}

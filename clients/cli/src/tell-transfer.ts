import { exitCodes } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { showBytes, visible } from './output.ts';
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
  output.result(report, () => {
    const wire = report.sentBytes ?? report.fetchedBytes ?? 0;
    const more = faults === 0 ? '' : `, ${faults} failed`;
    return [
      `${verb} ${report.files} files (${showBytes(report.bytes)}, ${showBytes(wire)} on the wire), ${report.folders} folders, ` +
        `${report.symlinks} links; ${report.unchanged} unchanged${more}`,
    ];
  });
  return faults === 0 ? exitCodes.ok : exitCodes.partial;
}

import { Gauge, type Registry } from 'prom-client';
import type { Cell } from './cell.ts';

/** Registers what is told of rotations, counted whenever somebody reads it: also of one that no pass can take any further. */
export function createRotationMetrics(registry: Registry, cells: () => readonly Cell[], wallMs: () => number): void {
  new Gauge({
    name: 'driftbox_secret_rotation_seconds',
    help: 'How long the rotation of a cell has been in its present phase, of that for which it is longest; 0 where none is under way',
    registers: [registry],
    collect() {
      const begun = cells().flatMap(({ status }) => (status?.rotation?.phase === undefined ? [] : [status.rotation.since ?? '']));
      this.set(Math.max(0, ...begun.map((since) => (wallMs() - Date.parse(since)) / 1_000)));
    },
  });
}

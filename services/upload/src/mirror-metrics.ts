import { Counter, Gauge, type Registry } from 'prom-client';

/** What a pool in two places counts; all stays at zero where it is in one. */
export type MirrorMetrics = { readonly missedWrites: Counter; readonly copiedPacks: Counter; readonly lackingPacks: Gauge };

/** Registers them. */
export function createMirrorMetrics(registry: Registry): MirrorMetrics {
  const registers = [registry];
  return {
    missedWrites: new Counter({
      name: 'driftbox_upload_mirror_missed_writes_total',
      help: 'Packs that only one of two pools took, the other being out of reach or full: the next resync copies them',
      registers,
    }),
    copiedPacks: new Counter({
      name: 'driftbox_upload_mirror_copied_packs_total',
      help: 'Packs copied from one of two pools to the other, which lacked them or had them damaged',
      registers,
    }),
    lackingPacks: new Gauge({
      name: 'driftbox_upload_mirror_lacking_packs',
      help: 'Packs that one of two pools still lacked when they were last brought together; above zero there is one copy of them',
      registers,
    }),
  };
}

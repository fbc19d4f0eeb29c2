import { X509Certificate } from 'node:crypto';
import { Gauge, type Registry } from 'prom-client';

/** Who has made a certificate. */
type Maker = 'operator' | 'administrator';
/** To whom it is shown: people who come to the gateway, or parts of the cell that call one another. */
type Viewer = 'people' | 'cell';
type End = { readonly maker: Maker; readonly viewer: Viewer; readonly endMs: number };

/** When the certificates end that cells show, as passes see them. */
export type CertificateEnds = {
  /** Takes note of what a cell shows, in PEM; of one that cannot be read nothing is told. */
  see(cell: string, shown: Readonly<Record<Viewer, { readonly maker: Maker; readonly all: readonly string[] }>>): void;
  /** A cell that is gone shows nothing. */
  forget(cell: string): void;
};

/** Registers what is told of certificates that passes have seen. */
export function createCertificateMetrics(registry: Registry, wallMs: () => number): CertificateEnds {
  const ends = new Map<string, readonly End[]>();
  new Gauge({
    name: 'driftbox_cell_certificate_left_seconds',
    help:
      'Until the first certificate of a cell ends that it shows to people or, within the cell, to its own parts, or that the MinIO of a ' +
      'pool shows to cells; the operator makes its own anew when 30 days are left',
    labelNames: ['made_by', 'shown_to'],
    registers: [registry],
    collect() {
      this.reset();
      for (const maker of ['operator', 'administrator'] as const) {
        for (const viewer of ['people', 'cell'] as const) {
          const all = [...ends.values()].flat().filter((one) => one.maker === maker && one.viewer === viewer);
          const firstMs = Math.min(...all.map(({ endMs }) => endMs));
          if (all.length > 0) this.set({ made_by: maker, shown_to: viewer }, (firstMs - wallMs()) / 1000);
        }
      }
    },
  });
  return {
    see: (cell, shown) => {
      const all = (['people', 'cell'] as const).flatMap((viewer) =>
        shown[viewer].all.map((certificate): End => ({ maker: shown[viewer].maker, viewer, endMs: endOf(certificate) })),
      );
      ends.set(
        cell,
        all.filter(({ endMs }) => !Number.isNaN(endMs)),
      );
    },
    forget: (cell) => void ends.delete(cell),
  };
}

function endOf(certificate: string): number {
  try {
    return Date.parse(new X509Certificate(certificate).validTo);
  } catch {
    return NaN;
  }
}

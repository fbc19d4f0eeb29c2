import { X509Certificate } from 'node:crypto';
import { Gauge, type Registry } from 'prom-client';

/** Who has made a certificate that a gateway shows. */
type Maker = 'operator' | 'administrator';
type End = { readonly maker: Maker; readonly endMs: number };

/** When the certificates end that gateways of cells show, as passes see them. */
export type CertificateEnds = {
  /** Takes note of what a cell shows, in PEM; of one that cannot be read, or is not there, nothing is told. */
  see(cell: string, certificate: string | undefined, maker: Maker): void;
  /** A cell that is gone shows nothing. */
  forget(cell: string): void;
};

/** Registers what is told of certificates that passes have seen. */
export function createCertificateMetrics(registry: Registry, wallMs: () => number): CertificateEnds {
  const ends = new Map<string, End>();
  new Gauge({
    name: 'driftbox_cell_certificate_left_seconds',
    help: 'Until the first certificate of a cell ends that its gateway shows; the operator makes its own anew when 30 days are left',
    labelNames: ['made_by'],
    registers: [registry],
    collect() {
      this.reset();
      for (const maker of ['operator', 'administrator'] as const) {
        const all = [...ends.values()].filter((one) => one.maker === maker);
        if (all.length > 0) this.set({ made_by: maker }, (Math.min(...all.map(({ endMs }) => endMs)) - wallMs()) / 1000);
      }
    },
  });
  return {
    see: (cell, certificate, maker) => {
      ends.delete(cell);
      const endMs = certificate === undefined ? NaN : endOf(certificate);
      if (!Number.isNaN(endMs)) ends.set(cell, { maker, endMs });
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

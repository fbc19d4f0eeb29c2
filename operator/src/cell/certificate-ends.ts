import { X509Certificate } from 'node:crypto';
import { Gauge, type Registry } from 'prom-client';

/** Who has made a certificate that a gateway shows. */
type Maker = 'operator' | 'administrator';
type End = { readonly maker: Maker; readonly endMs: number };

/** When the certificates end that gateways of cells show, as passes see them; told as a metric. */
export class CertificateEnds {
  readonly #ends = new Map<string, End>();

  constructor(registry: Registry, wallMs: () => number) {
    const ends = this.#ends;
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
  }

  /** Takes note of what a cell shows, in PEM; of one that cannot be read, or is not there, nothing is told. */
  see(cell: string, certificate: string | undefined, maker: Maker): void {
    this.#ends.delete(cell);
    const endMs = certificate === undefined ? NaN : endOf(certificate);
    if (!Number.isNaN(endMs)) this.#ends.set(cell, { maker, endMs });
  }

  /** A cell that is gone shows nothing. */
  forget(cell: string): void {
    this.#ends.delete(cell);
  }
}

function endOf(certificate: string): number {
  try {
    return Date.parse(new X509Certificate(certificate).validTo);
  } catch {
    return NaN;
  }
}

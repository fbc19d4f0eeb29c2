import { readFile } from 'node:fs/promises';
import { createSecureContext, type Server } from 'node:tls';
import { repeat } from './repeat.ts';

/** A certificate and its key, in PEM. */
type Shown = { readonly cert: string; readonly key: string };

/** Where they lie. */
type Files = { readonly certificate: string; readonly key: string };

type Options = {
  /** How often the files are looked at; default 60,000 ms. */
  readonly everyMs?: number;
  /** Told each time that the files cannot be shown, and what is shown goes on being so. */
  readonly onError: (error: unknown) => void;
};

/**
 * A certificate in files that are replaced while servers go on, as a kubelet does. Servers that follow it show the new one from the next
 * handshake on; connections that are there stay. Files are looked at now and then, because a volume's are links to links, of whose change
 * nobody is told.
 */
export class CertificateFiles {
  readonly #files: Files;
  readonly #servers = new Set<Server>();
  #shown: Shown;

  private constructor(files: Files, shown: Shown) {
    this.#files = files;
    this.#shown = shown;
  }

  /** Throws where the files cannot be read, or the key is of another certificate. Keeps no process alive. */
  static async open(files: Files, { everyMs = 60_000, onError }: Options): Promise<CertificateFiles> {
    const opened = new CertificateFiles(files, await readPair(files));
    repeat(everyMs, () => opened.#look(), onError);
    return opened;
  }

  /** What is shown now. */
  get shown(): Shown {
    return this.#shown;
  }

  /** Lets a server show each later one too, until it is closed. */
  follow(server: Server): void {
    this.#servers.add(server);
    server.once('close', () => this.#servers.delete(server));
  }

  async #look(): Promise<void> {
    const found = await readPair(this.#files);
    if (found.cert === this.#shown.cert && found.key === this.#shown.key) return;
    this.#shown = found;
    for (const server of this.#servers) server.setSecureContext({ ...found, minVersion: leastVersion });
  }
}

/** Everybody inside a cell is of DriftBox, and speaks the newest. */
export const leastVersion = 'TLSv1.3';

/** One of each might be of before and after a change: a key of another certificate is refused, and looked at again later. */
async function readPair({ certificate, key }: Files): Promise<Shown> {
  const [cert, of] = await Promise.all([readFile(certificate, 'utf8'), readFile(key, 'utf8')]);
  createSecureContext({ cert, key: of });
  return { cert, key: of };
}

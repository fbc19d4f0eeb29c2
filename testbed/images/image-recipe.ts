import type { Installable } from '../components/install/installable.ts';
import type { Image } from './oci-archive.ts';
import type { Before } from './catalogue.ts';

/** Digests of images by their names. */
export type Digests = Readonly<Record<string, string>>;

/** An image that this folder knows how to make. */
export type ImageRecipe = {
  /** Its repository below `driftbox/`. */
  readonly name: string;
  /** One line for a reader who chooses. */
  readonly about: string;
  /** What must be installed before. */
  readonly needs: readonly Installable[];
  /**
   * Fills folders below `work`, which is empty, and says what the image is made of; `built` are the digests of this version's others,
   * `before` is where the version before is.
   */
  readonly build: (work: string, built: Digests, before: Before) => Promise<Omit<Image, 'reference'>>;
};

import type { Installable } from '../components/install/installable.ts';
import type { Image } from './oci-archive.ts';

/** An image that this folder knows how to make. */
export type ImageRecipe = {
  /** Its repository below `driftbox/`. */
  readonly name: string;
  /** One line for a reader who chooses. */
  readonly about: string;
  /** What must be installed before. */
  readonly needs: readonly Installable[];
  /** Fills folders below `work`, which is empty, and says what the image is made of. */
  readonly build: (work: string) => Promise<Omit<Image, 'reference'>>;
};

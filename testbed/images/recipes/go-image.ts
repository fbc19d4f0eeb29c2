import path from 'node:path';
import { installedFolder } from '../../components/install/cache.ts';
import type { Installable } from '../../components/install/installable.ts';
import type { ImageRecipe } from '../image-recipe.ts';
import { appUser, emptyRoot, putProgram, putSystem } from '../root-folder.ts';

/** An image of one static program, built from Go modules, which is called as its installation. */
export function goImage(program: Installable, about: string): ImageRecipe {
  const { name } = program;
  return {
    name,
    about,
    needs: [program],
    build: async (work) => {
      const root = await emptyRoot(path.join(work, name));
      await putSystem(root);
      await putProgram(root, path.join(installedFolder(program), name), name);
      return { layers: [root], config: { Entrypoint: [`/${name}`], User: appUser } };
    },
  };
}

import path from 'node:path';
import { installedFolder } from '../../components/install/cache.ts';
import { helmProgram } from '../../components/programs.ts';
import { projectVersion } from '../../src/project-version.ts';
import { putCatalogue } from '../catalogue.ts';
import type { ImageRecipe } from '../image-recipe.ts';
import { nodeEntrypoint, nodeEnvironment, nodeLayer } from '../node-layer.ts';
import { productionTree, putPackages, putWorkspaces } from '../production-tree.ts';
import { appUser, emptyRoot, putProgram } from '../root-folder.ts';

/** Where the operator finds what came with it, in its uppermost layer. */
export const operatorCatalogue = 'opt/driftbox/catalogue';

/** The operator with Helm, and with the charts and image digests of what it brings about: it needs nothing from elsewhere. */
export const operatorImage: ImageRecipe = {
  name: 'operator',
  about: 'the operator, with Helm, charts and the digests of the images above',
  needs: [helmProgram],
  build: async (work, built, before) => {
    const tree = await productionTree(['operator']);
    const packages = await emptyRoot(path.join(work, 'packages'));
    await putPackages(packages, tree);
    await putProgram(packages, path.join(installedFolder(helmProgram), 'helm'), 'usr/local/bin/helm');
    const sources = await emptyRoot(path.join(work, 'sources'));
    await putWorkspaces(sources, tree);
    await putCatalogue(path.join(sources, operatorCatalogue), await projectVersion(), built, before);
    return {
      layers: [await nodeLayer(path.join(work, 'node')), packages, sources],
      config: {
        Entrypoint: nodeEntrypoint,
        User: appUser,
        WorkingDir: '/app',
        Env: ['PATH=/usr/local/bin:/bin', ...nodeEnvironment, `DRIFTBOX_OPERATOR_CATALOGUE=/${operatorCatalogue}`],
      },
    };
  },
};

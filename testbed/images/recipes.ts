import type { ImageRecipe } from './image-recipe.ts';
import { corednsProgram, localPathProgram, pauseProgram } from '../components/programs.ts';
import { busyboxImage } from './recipes/busybox.ts';
import { goImage } from './recipes/go-image.ts';
import { kafkaImage } from './recipes/kafka.ts';
import { minioImage } from './recipes/minio.ts';
import { nginxImage } from './recipes/nginx.ts';
import { postgresImage } from './recipes/postgres.ts';
import { operatorImage } from './recipes/operator.ts';
import { redisImage } from './recipes/redis.ts';
import { servicesImage } from './recipes/services.ts';

/** Every image, in the order in which they are listed and built: the operator's knows the others by their digests. */
export const recipes: readonly ImageRecipe[] = [
  servicesImage,
  nginxImage,
  postgresImage,
  kafkaImage,
  minioImage,
  redisImage,
  operatorImage,
  busyboxImage,
  goImage(pauseProgram, 'holds a pod, in the local cluster'),
  goImage(corednsProgram, 'names, in the local cluster'),
  goImage(localPathProgram, 'volumes, in the local cluster'),
];

/** The recipe of that name. Throws, naming all, when there is none. */
export function recipeOf(name: string): ImageRecipe {
  const found = recipes.find((recipe) => recipe.name === name);
  if (found === undefined) throw new Error(`there is no image ${name}. Known: ${recipes.map((one) => one.name).join(', ')}`);
  return found;
}

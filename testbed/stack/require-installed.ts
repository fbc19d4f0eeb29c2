import { componentOf } from '../components/components.ts';
import { isInstalled } from '../components/install/cache.ts';

const needed = ['kafka', 'minio', 'redis', 'nginx'];

/** Throws, with the command that helps, when a component of the stack is not installed. */
export function requireInstalled(): void {
  const missing = needed.filter((name) => !componentOf(name).needs.every(isInstalled));
  if (missing.length === 0) return;
  throw new Error(`not installed: ${missing.join(', ')}. Install with: npm run components -- install ${missing.join(' ')}`);
}

import { readFileSync } from 'node:fs';
import { ConfigError } from './config.ts';

/** The text of a file that a setting names. Throws `ConfigError` where it cannot be read. */
export function readPem(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`${setting} cannot be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

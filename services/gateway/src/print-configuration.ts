import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseInput } from './nginx/input.ts';
import { renderConfiguration } from './nginx/render-configuration.ts';

/**
 * Reads the input as JSON from the file of the first argument and writes NGINX's configuration to that of the second. Without
 * them standard input and output are meant: a container has no shell to redirect them. What is wrong with the input is printed.
 */
async function main([input, output]: readonly string[]): Promise<void> {
  const written = input === undefined ? await text(process.stdin) : await readFile(input, 'utf8');
  const configuration = renderConfiguration(parseInput(JSON.parse(written)));
  if (output === undefined) process.stdout.write(configuration);
  else await writeFile(output, configuration);
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`gateway: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});

import { text } from 'node:stream/consumers';
import { parseInput } from './nginx/input.ts';
import { renderConfiguration } from './nginx/render-configuration.ts';

/** Reads the input as JSON from standard input and prints NGINX's configuration, or everything that is wrong with the input. */
async function main(): Promise<void> {
  const written = await text(process.stdin);
  process.stdout.write(renderConfiguration(parseInput(JSON.parse(written))));
}

await main().catch((error: unknown) => {
  console.error(`gateway: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { projectFolder } from './standalone-process.ts';

/** Where the gateway's programs are. */
export const gatewayFolder = path.join(projectFolder, 'services/gateway/src');

/** A certificate for names that exist in tests alone, `localhost` among them; its key lies beside it. */
export const certificateFile = path.join(gatewayFolder, 'testing/test-certificate.pem');

/** NGINX's configuration as people make it: by the program, from JSON. Throws when the input is refused. */
export async function printConfiguration(input: object): Promise<string> {
  const program = path.join(gatewayFolder, 'print-configuration.ts');
  const child = spawn(process.execPath, ['--no-warnings', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(input));
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`the gateway's input was refused with ${code}`);
  return printed;
}

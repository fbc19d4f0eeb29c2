// A client of tus as a process of its own: node tus-client.ts '{"address", "drive", "token", "host"?, "file", "path", "uploadUrl"?}'.
// It prints a line of JSON for each piece that was accepted, `{"url", "acceptedBytes"}`, and exits with 0 once the file is saved.
import { createReadStream } from 'node:fs';
import type { TusClientTask } from './start-tus-client.ts';
import { tusOptions } from './tus-upload.ts';
import { Upload } from 'tus-js-client';

const task = JSON.parse(process.argv[2] ?? '') as TusClientTask;
// Under Node the client reads ranges of the file of such a stream.
const upload = new Upload(createReadStream(task.file), {
  ...tusOptions(task),
  uploadUrl: task.uploadUrl ?? null,
  onChunkComplete: (_size, acceptedBytes) => console.log(JSON.stringify({ url: upload.url, acceptedBytes })),
  onError: (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
});
upload.start();

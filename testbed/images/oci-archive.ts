import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

/** How containers of an image run unless a pod says otherwise (OCI image specification 1.1, `config`). */
export type ImageConfig = {
  readonly Entrypoint: readonly string[];
  /** Numbers, `user:group`: a kubelet can tell that it is not root only by a number. */
  readonly User: string;
  readonly Env?: readonly string[];
  readonly WorkingDir?: string;
};

/** An image to be written: folders as layers, the lowest first. */
export type Image = { readonly reference: string; readonly layers: readonly string[]; readonly config: ImageConfig };

/** An image that was written. `digest` is that of its manifest, by which pods name it. */
export type WrittenImage = { readonly reference: string; readonly digest: string; readonly file: string; readonly sizeBytes: number };

type Blob = { readonly digest: string; readonly size: number };

const run = promisify(execFile);
/** Nothing of when, where and by whom it was packed remains: equal folders give equal bytes. */
const reproducible = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=posix'];
const withoutTimes = '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime';

/** This machine's kind of processor, for which images are, as OCI and Go call it. */
export const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch;

/** Writes an image as an OCI archive, for this machine's kind of processor, without any container tool but GNU tar. */
export async function writeOciArchive(image: Image, file: string): Promise<WrittenImage> {
  await mkdir(path.dirname(file), { recursive: true });
  const folder = await mkdtemp(`${file}.`);
  try {
    await mkdir(path.join(folder, 'blobs/sha256'), { recursive: true });
    const layers: Blob[] = [];
    for (const layer of image.layers) layers.push(await layerBlob(folder, layer));
    const manifest = await manifestBlob(folder, image, layers);
    await pack(folder, `${file}.new`);
    await rename(`${file}.new`, file);
    const { size } = await stat(file);
    return { reference: image.reference, digest: manifest.digest, file, sizeBytes: size };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function manifestBlob(folder: string, image: Image, layers: readonly Blob[]): Promise<Blob> {
  const platform = { architecture, os: 'linux' };
  const config = await jsonBlob(folder, {
    ...platform,
    created: new Date(0).toISOString(),
    config: image.config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
  });
  const manifest = await jsonBlob(folder, {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: layers.map((layer) => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer })),
  });
  const annotations = {
    'io.containerd.image.name': image.reference,
    'org.opencontainers.image.ref.name': image.reference.slice(image.reference.lastIndexOf(':') + 1),
  };
  const entry = { mediaType: 'application/vnd.oci.image.manifest.v1+json', ...manifest, platform, annotations };
  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [entry] };
  await writeFile(path.join(folder, 'index.json'), JSON.stringify(index));
  await writeFile(path.join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  return manifest;
}

async function layerBlob(folder: string, layer: string): Promise<Blob> {
  const file = path.join(folder, 'layer.tar');
  await pack(layer, file);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const digest = hash.digest('hex');
  const { size } = await stat(file);
  await rename(file, path.join(folder, 'blobs/sha256', digest));
  return { digest: `sha256:${digest}`, size };
}

async function jsonBlob(folder: string, value: unknown): Promise<Blob> {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = createHash('sha256').update(bytes).digest('hex');
  await writeFile(path.join(folder, 'blobs/sha256', digest), bytes);
  return { digest: `sha256:${digest}`, size: bytes.length };
}

/** What an archive's image is called, and the digest of its manifest. Throws where it does not say so. */
export async function readOciArchive(file: string): Promise<{ readonly reference: string; readonly digest: string }> {
  type Entry = { readonly digest: string; readonly annotations?: Readonly<Record<string, string>> };
  const { manifests } = await readJson<{ readonly manifests: readonly Entry[] }>(file, 'index.json');
  const reference = manifests[0]?.annotations?.['io.containerd.image.name'];
  if (manifests[0] === undefined || reference === undefined) throw new Error(`${file} does not say what its image is called`);
  return { reference, digest: manifests[0].digest };
}

/** A file of the uppermost layer of an archive's image. Throws where it is not there. */
export async function readFromTopLayer(file: string, name: string): Promise<string> {
  type Manifest = { readonly layers: readonly { readonly digest: string }[] };
  const { layers } = await readJson<Manifest>(file, blobName((await readOciArchive(file)).digest));
  const read = 'set -o pipefail; tar -xOf "$0" "$1" | tar -xO "$2"';
  return (await run('bash', ['-c', read, file, `./${blobName(layers.at(-1)?.digest ?? '')}`, `./${name}`])).stdout;
}

async function readJson<T>(file: string, name: string): Promise<T> {
  return JSON.parse((await run('tar', ['-xOf', file, `./${name}`])).stdout) as T;
}

function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** Packs what is in a folder, so that equal folders give equal bytes. */
export async function pack(folder: string, file: string): Promise<void> {
  await run('tar', [...reproducible, withoutTimes, '-cf', file, '-C', folder, '.']);
}

import type { Digests } from './image-recipe.ts';

/** What a bundle tells of itself. */
export type BundleGuide = {
  readonly version: string;
  /** The kind of processor that its images are for. */
  readonly architecture: string;
  /** What names of images begin with, as the values of the operator's chart say. */
  readonly registry: string;
  /** Of each image in it, by name: what its archive calls it. */
  readonly references: Readonly<Record<string, string>>;
  readonly digests: Digests;
};

/** The files by which somebody who has nothing but the bundle goes on, by name. */
export function bundleGuide(guide: BundleGuide): Readonly<Record<string, string>> {
  return { 'README.md': readme(guide), 'load-images.sh': loadImages(guide), 'push-images.sh': pushImages(guide) };
}

/** Not by `ctr images import --digests`: containerd 2 gives no digest to what has a name. */
function loadImages({ registry, references, digests }: BundleGuide): string {
  const lines = Object.entries(references).map(
    ([name, reference]) => `load ${name} ${reference} ${registry}/driftbox/${name}@${digests[name]}`,
  );
  return `#!/bin/sh
# Loads the images into containerd of this node, each also under its digest, by which pods name it.
# CTR is the client of containerd, where it is another: CTR='k3s ctr'.
set -eu
cd "$(dirname "$0")"
load() {
  \${CTR:-ctr} --namespace k8s.io images import "images/$1.tar"
  \${CTR:-ctr} --namespace k8s.io images tag --force "$2" "$3"
}
${lines.join('\n')}
`;
}

function pushImages({ version, references }: BundleGuide): string {
  return `#!/bin/sh
# Pushes the images, unchanged, to a registry, by skopeo: sh push-images.sh registry.example.com/mirror
set -eu
cd "$(dirname "$0")"
registry=\${1:?say which registry, as in registry.example.com/mirror}
for name in ${Object.keys(references).join(' ')}; do
  skopeo copy --preserve-digests "oci-archive:images/$name.tar" "docker://$registry/driftbox/$name:${version}"
done
`;
}

const readme = ({ version, architecture, registry }: BundleGuide): string => `# DriftBox ${version}, for a cluster without a way out

All that an installation takes, for nodes with ${architecture} processors: images, the operator's chart and its values, samples.
Nothing is fetched from elsewhere: charts and digests of all that the operator installs are in its image. What has to be there:
Kubernetes 1.30 or newer with a default StorageClass, and \`kubectl\` and \`helm\` where you type.

Pods name images by their digests, and a node asks no registry for one that it has. So there are two ways.

## Images on every node
On each node, as root, with this folder; where containerd has another client, with \`CTR='k3s ctr'\` or the like in front:

\`\`\`
$ sh load-images.sh
\`\`\`

Then, where kubectl leads to the cluster:

\`\`\`
$ helm install driftbox-operator charts/driftbox-operator --namespace driftbox-system --create-namespace \\
    --values operator-values.json
\`\`\`

A node that comes later needs the images too, and so does one that removed what no pod used because its disk was full.

## Or images in a registry
\`push-images.sh\` takes skopeo, after \`skopeo login\` where that is needed; any other tool does that keeps digests. The values of the
chart then say which registry it is, in place of \`${registry}\`:

\`\`\`
$ sh push-images.sh registry.example.com/mirror
$ helm install driftbox-operator charts/driftbox-operator --namespace driftbox-system --create-namespace \\
    --values operator-values.json --set imageRegistry=registry.example.com/mirror
\`\`\`

Where the registry wants to know who fetches, make a Secret of it first, and name it by \`--set 'imagePullSecrets={registry}'\` as well.
The operator copies it to wherever its pods are:

\`\`\`
$ kubectl create namespace driftbox-system
$ kubectl --namespace driftbox-system create secret docker-registry registry \\
    --docker-server=registry.example.com --docker-username=NAME --docker-password=PASSWORD
\`\`\`

## A first tenant
Or your own resources, in place of the sample:

\`\`\`
$ kubectl apply -f samples/trial.yaml
$ kubectl wait --for=condition=Ready tenants.driftbox.io/demo --timeout=15m
\`\`\`

Its first administrator comes by an invitation, and its cell has an authority of its own that clients have to trust:

\`\`\`
$ kubectl --namespace driftbox-system get secret tenant-demo-invitation -o jsonpath='{.data.invitation}' | base64 -d
$ kubectl --namespace driftbox-system get secret cell-trial-tls -o jsonpath='{.data.ca\\.crt}' | base64 -d
\`\`\`

## From the version before
Load or push the images as above, and \`helm upgrade\` instead of \`helm install\`. Then set \`spec.version\` of each Cell to ${version}.
Until then cells go on with the images that they have; if a node has lost those, they are in the bundle of that version.
`;

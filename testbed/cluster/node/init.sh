#!/bin/bash
# The first process of the node, in namespaces of its own: when it ends the kernel removes everything that it started.
# From its environment: FOLDER, all files of this cluster; KUBERNETES, the folder of its programs; RUNTIME, the unpacked
# container runtime, and RUNTIME_LIBRARIES, where its libraries are; IMAGES, a folder of archives to load at the start;
# NODE_IP, PODS, SERVICES, the network.
# A shell, because the first process has to reap every orphan of the containers, and because this is mounting and starting.
set -eu

# Nothing that is mounted here is seen outside. Containers need shared mounts below.
mount --make-rprivate /
mount --make-rshared /
mkdir -p "$FOLDER"/{kubelet,containerd,log,volumes,etcd,sysctl,cni}
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/netns /run/cni /run/lock /var/lib/kubelet /var/log
mount --bind "$FOLDER/kubelet" /var/lib/kubelet
mount --bind "$FOLDER/log" /var/log
chmod 777 "$FOLDER/volumes"

# /sys of the new network namespace, with control groups as this control-group namespace sees them.
unified=
[ -e /sys/fs/cgroup/cgroup.controllers ] && unified=yes
mount -t sysfs sysfs /sys
if [ -n "$unified" ]; then
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  # A group that is divided may hold no process itself.
  mkdir -p /sys/fs/cgroup/system
  echo $$ > /sys/fs/cgroup/system/cgroup.procs
  sed 's/\(^\| \)/\1+/g' /sys/fs/cgroup/cgroup.controllers > /sys/fs/cgroup/cgroup.subtree_control
else
  mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
  while IFS=: read -r _ controllers _; do
    [ -n "$controllers" ] || continue
    hierarchy=/sys/fs/cgroup/${controllers#name=}
    mkdir -p "$hierarchy"
    case $controllers in name=*) options=none,$controllers ;; *) options=$controllers ;; esac
    mount -t cgroup -o "$options" cgroup "$hierarchy"
  done < /proc/self/cgroup
fi

# The kubelet sets these for the whole machine; here it finds files that hold what it wants.
pretend() {
  local file=$FOLDER/sysctl/${1//\//_}
  echo "$2" > "$file"
  mount --bind "$file" "/proc/sys/$1"
}
pretend vm/overcommit_memory 1
pretend vm/panic_on_oom 0
pretend kernel/panic 10
pretend kernel/panic_on_oops 1
pretend kernel/keys/root_maxkeys 1000000
pretend kernel/keys/root_maxbytes 25000000

hostname node1
ip link set lo up
touch "$FOLDER/namespaces-made"
until [ -e "$FOLDER/link-made" ]; do sleep 0.02; done
ip addr add "$NODE_IP/24" dev eth0
ip link set eth0 up
# Addresses of services have to be routable only until they are translated.
ip route add "$SERVICES" dev eth0
echo 1 > /proc/sys/net/ipv4/ip_forward
: > "$FOLDER/resolv.conf"

cd "$FOLDER"
pki=$FOLDER/pki
export PATH=$KUBERNETES:$RUNTIME/usr/sbin:$RUNTIME/usr/bin:$PATH
start() {
  local name=$1
  shift
  "$@" > "$FOLDER/$name.log" 2>&1 &
}
# Libraries of the unpacked runtime are for its programs alone.
start containerd env LD_LIBRARY_PATH="$RUNTIME_LIBRARIES" containerd --config "$FOLDER/settings/containerd.toml"
start etcd etcd --name=node1 --data-dir="$FOLDER/etcd/data" --unsafe-no-fsync --log-level=warn \
  --listen-client-urls=http://127.0.0.1:2379 --advertise-client-urls=http://127.0.0.1:2379 \
  --listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380 \
  --initial-cluster=node1=http://127.0.0.1:2380
start kube-apiserver kube-apiserver --etcd-servers=http://127.0.0.1:2379 \
  --bind-address=0.0.0.0 --advertise-address="$NODE_IP" --secure-port=6443 \
  --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
  --kubelet-client-certificate="$pki/apiserver-kubelet.crt" --kubelet-client-key="$pki/apiserver-kubelet.key" \
  --kubelet-certificate-authority="$pki/ca.crt" --kubelet-preferred-address-types=InternalIP \
  --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
  --service-account-issuer=https://kubernetes.default.svc.cluster.local \
  --service-account-key-file="$pki/service-accounts.pub" --service-account-signing-key-file="$pki/service-accounts.key" \
  --requestheader-client-ca-file="$pki/front-proxy/ca.crt" --requestheader-allowed-names=front-proxy-client \
  --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
  --requestheader-extra-headers-prefix=X-Remote-Extra- \
  --proxy-client-cert-file="$pki/front-proxy/client.crt" --proxy-client-key-file="$pki/front-proxy/client.key" \
  --enable-aggregator-routing=true --service-cluster-ip-range="$SERVICES" --service-node-port-range=30000-32767

until [ -S /run/containerd.sock ]; do sleep 0.05; done
for image in "$IMAGES"/*.tar; do
  env LD_LIBRARY_PATH="$RUNTIME_LIBRARIES" ctr -a /run/containerd.sock -n k8s.io images import "$image"
done > "$FOLDER/images.log" 2>&1 &
imports=$!
until kubectl --kubeconfig "$pki/admin.kubeconfig" get --raw /readyz > /dev/null 2>&1; do sleep 0.1; done
# Started earlier it would give up on an API that is not there yet.
start kube-controller-manager kube-controller-manager --kubeconfig="$pki/controller-manager.kubeconfig" \
  --authentication-kubeconfig="$pki/controller-manager.kubeconfig" --authorization-kubeconfig="$pki/controller-manager.kubeconfig" \
  --bind-address=127.0.0.1 --leader-elect=false --use-service-account-credentials=true \
  --root-ca-file="$pki/ca.crt" --service-account-private-key-file="$pki/service-accounts.key" \
  --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key" \
  --service-cluster-ip-range="$SERVICES" --cluster-cidr="$PODS" --horizontal-pod-autoscaler-sync-period=5s
start kube-scheduler kube-scheduler --kubeconfig="$pki/scheduler.kubeconfig" \
  --authentication-kubeconfig="$pki/scheduler.kubeconfig" --authorization-kubeconfig="$pki/scheduler.kubeconfig" \
  --bind-address=127.0.0.1 --leader-elect=false
start kube-proxy env LD_LIBRARY_PATH="$RUNTIME_LIBRARIES" kube-proxy --config="$FOLDER/settings/kube-proxy.yaml" --hostname-override=node1
wait $imports
start kubelet kubelet --config="$FOLDER/settings/kubelet.yaml" --kubeconfig="$pki/kubelet.kubeconfig" \
  --hostname-override=node1 --node-ip="$NODE_IP" --v=2
wait

#!/bin/bash
# Asks of the kernel what the node will ask of it, in namespaces that end with this script. Fails with the name of what is refused.
# From its environment: FOLDER, an empty folder where the files of the cluster will be; RUNTIME and RUNTIME_LIBRARIES as in init.sh.
set -eu
what='mounts of its own'
trap 'echo "refused: $what" >&2' ERR

mount --make-rprivate /
mount -t sysfs sysfs /sys
what='a file in place of one below /proc/sys'
echo 10 > "$FOLDER/panic"
mount --bind "$FOLDER/panic" /proc/sys/kernel/panic
what="an overlay of folders (overlayfs) in $FOLDER"
mkdir "$FOLDER"/{lower,upper,work,merged}
mount -t overlay -o "lowerdir=$FOLDER/lower,upperdir=$FOLDER/upper,workdir=$FOLDER/work" overlay "$FOLDER/merged"
what='a pair of network ends (veth)'
ip link add driftbox-a type veth peer name driftbox-b
what='forwarding in a network of its own'
echo 1 > /proc/sys/net/ipv4/ip_forward
what='translation of addresses (nftables)'
LD_LIBRARY_PATH="$RUNTIME_LIBRARIES" "$RUNTIME/usr/sbin/nft" add table ip driftbox
LD_LIBRARY_PATH="$RUNTIME_LIBRARIES" "$RUNTIME/usr/sbin/nft" add chain ip driftbox nat '{ type nat hook prerouting priority -100; }'

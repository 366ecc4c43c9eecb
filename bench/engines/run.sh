#!/bin/sh
# Runs the packed benchmark with what is beside this file; takes the options of bench/engines.ts.
here=${0%/*}
[ "$here" = "$0" ] && here=.

# Drivers that a container got from its host lie outside of the folders that loaders search.
for folder in /usr/local/nvidia/share /usr/local/nvidia; do
  icd=$folder/vulkan/icd.d/nvidia_icd.json
  if [ -z "${VK_DRIVER_FILES-}${VK_ICD_FILENAMES-}" ] && [ -r "$icd" ]; then
    export VK_DRIVER_FILES="$icd"
    export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}/usr/local/nvidia/lib64"
  fi
done

# The Vulkan loader that came along is for machines without one.
found=
for folder in /usr/lib/x86_64-linux-gnu /lib/x86_64-linux-gnu /usr/lib64 /usr/lib /usr/local/lib; do
  [ -e "$folder/libvulkan.so.1" ] && found=$folder
done
if [ -z "$found" ] && [ -e "$here/vulkan/libvulkan.so.1" ]; then
  export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/vulkan"
fi

exec "$here/node" "$here/bench/engines.ts" "$@"

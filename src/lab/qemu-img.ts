/** How `qemu-img create` tells what it makes. */
export function formatting(format: string, bytes: number): string {
  if (format === 'qcow2') {
    return `fmt=qcow2 cluster_size=65536 extended_l2=off preallocation=metadata compression_type=zlib size=${bytes} lazy_refcounts=off refcount_bits=16`
  }
  if (format === 'vmdk') return `fmt=vmdk size=${bytes} compat6=off hwversion=undefined`
  return `fmt=${format} size=${bytes} preallocation=off`
}

/** `1.5 GiB` */
export function readableSize(bytes: number): string {
  let value = bytes
  for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
    if (value < 1024 || unit === 'GiB') return `${value.toFixed(1)} ${unit}`
    value /= 1024
  }
  return `${value.toFixed(1)} TiB`
}

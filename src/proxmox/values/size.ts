const units = { T: 2 ** 40, G: 2 ** 30, M: 2 ** 20, K: 2 ** 10, '': 1 } as const

/** Bytes of a size such as `32G`, in powers of 1024; `undefined` where it is none. */
export function parseSize(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,30}(?:\.\d{1,30})?)([KMGT]?)$/.exec(text) ?? []
  return number === undefined ? undefined : Math.round(Number(number) * units[unit as keyof typeof units])
}

/** The number of GiB in which Proxmox takes the size of a volume to allocate. */
export function gibibytes(bytes: number): string {
  // It counts in whole KiB, rounded up, so that a number must be exact; and it does not read `9.5e-7`.
  const number = (Math.ceil(bytes / 1024) * 1024) / 2 ** 30
  return number.toFixed(20).replace(/\.?0+$/, '')
}

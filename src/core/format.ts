const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** A number of bytes for people: `1.4 GiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const number = bytes / 1024 ** power
  return `${power === 0 ? number : number.toFixed(1)} ${units[power]}`
}

/** Seconds for people: `42 s`, `3 min 5 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

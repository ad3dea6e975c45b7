const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** A number of bytes for people: `1.4 GiB`. */
export function formatBytes(bytes: number): string {
  let [power, number] = [0, bytes]
  // What would be shown as 1024.0 of a unit is 1.0 of the next.
  while (number >= (power === 0 ? 1024 : 1023.95) && power < units.length - 1) {
    power++
    number /= 1024
  }
  return `${power === 0 ? number : number.toFixed(1)} ${units[power]}`
}

/** Seconds for people: `1.5 s`, `42 s`, `3 min 5 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** Any time for people: as {@link formatSeconds}, and from an hour on `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 3570) return formatSeconds(seconds)
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `1 host`, `2 hosts` */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

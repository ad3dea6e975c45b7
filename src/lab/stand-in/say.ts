/** What the stand-ins print, and how long they wait. */

/** The markers that callers follow, on stdout. */
export function step(text: string): void {
  process.stdout.write(`### ${text} ###\n`)
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

export const paceVariable = 'NIXOS_LAB_PACE'

/** Waits as long as the genuine tool does, times the lab's pace. */
export function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * pace() * 1000))
}

/** 1 is the genuine tool's own pace; less is quicker. */
export function pace(): number {
  const given = Number(process.env[paceVariable] ?? 1)
  return Number.isFinite(given) && given >= 0 ? given : 1
}

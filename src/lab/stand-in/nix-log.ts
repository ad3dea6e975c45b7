/** A build's log on stderr: plain lines, or `@nix {…}` as with `--log-format internal-json`. */

// Nix's own numbers.
const activity = { builds: 104, build: 105, realise: 102 } as const
const result = { buildLogLine: 101, setPhase: 104, progress: 105 } as const
const level = { error: 0, info: 3, talkative: 4 } as const

export class BuildLog {
  readonly #json: boolean
  #lastId = process.pid * 2 ** 32

  constructor(json: boolean) {
    this.#json = json
  }

  message(text: string): void {
    if (this.#json) this.#write({ action: 'msg', level: level.info, msg: text })
    else process.stderr.write(`${text}\n`)
  }

  error(text: string): void {
    const plain = `error: ${text}`
    const coloured = `\u001b[31;1merror:\u001b[0m ${text}`
    if (this.#json) this.#write({ action: 'msg', level: level.error, msg: coloured, raw_msg: text })
    else process.stderr.write(`${plain}\n`)
  }

  /** One build after the other, each with a phase and a line of its log. */
  build(builds: readonly { readonly out: string; readonly drv: string }[]): void {
    if (!this.#json) {
      process.stderr.write(`these ${builds.length} derivations will be built:\n`)
      for (const { drv } of builds) process.stderr.write(`  ${drv}\n`)
      for (const { drv } of builds) process.stderr.write(`building '${drv}'...\n`)
      return
    }
    const realise = this.#start(activity.realise, 'realising', [])
    const all = this.#start(activity.builds, '', [])
    this.#progress(all, 0, builds.length, 0)
    for (const [index, { drv }] of builds.entries()) {
      this.#progress(all, index, builds.length, 1)
      const one = this.#start(activity.build, `building '${drv}'`, [drv, '', 1, 1])
      this.#result(one, result.setPhase, ['buildPhase'])
      this.#result(one, result.buildLogLine, ['simulated by the lab'])
      this.#stop(one)
      this.#progress(all, index + 1, builds.length, 0)
    }
    this.#stop(all)
    this.#stop(realise)
  }

  #start(type: number, text: string, fields: readonly unknown[]): number {
    const id = ++this.#lastId
    this.#write({ action: 'start', fields, id, level: level.info, parent: 0, text, type })
    return id
  }

  #progress(id: number, done: number, expected: number, running: number): void {
    this.#result(id, result.progress, [done, expected, running, 0])
  }

  #result(id: number, type: number, fields: readonly unknown[]): void {
    this.#write({ action: 'result', fields, id, type })
  }

  #stop(id: number): void {
    this.#write({ action: 'stop', id })
  }

  #write(message: Readonly<Record<string, unknown>>): void {
    process.stderr.write(`@nix ${JSON.stringify(message)}\n`)
  }
}

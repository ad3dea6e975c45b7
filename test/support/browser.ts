import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { temporaryFolder } from './folder.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome']
/** A browser of this machine; tests that need one skip where there is none. */
export const browserProgram = names.find((name) => spawnSync(name, ['--version']).status === 0)

/** A page in a real browser without a window, over the protocol of its developer tools. */
export class BrowserPage implements AsyncDisposable {
  readonly #browser: ChildProcess
  readonly #socket: WebSocket
  readonly #folder: Disposable
  readonly #answers = new Map<number, PromiseWithResolvers<Record<string, unknown>>>()
  /** What the page complained of: exceptions, refused scripts, messages of its console. */
  readonly complaints: string[] = []
  /** What it asked for, besides itself. */
  readonly requests: string[] = []
  readonly #loaded = Promise.withResolvers<void>()
  #count = 0

  private constructor(browser: ChildProcess, socket: WebSocket, folder: Disposable) {
    this.#browser = browser
    this.#socket = socket
    this.#folder = folder
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data))))
    socket.addEventListener('close', () => {
      for (const answer of this.#answers.values()) answer.reject(new Error('the browser is gone'))
    })
  }

  static async open(url: string): Promise<BrowserPage> {
    const folder = temporaryFolder()
    const browser = spawn(
      browserProgram ?? '',
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
        ...[
          '--remote-debugging-port=0',
          `--user-data-dir=${folder.path}`,
          '--window-size=1280,900',
          'about:blank',
        ],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    const port = await debuggingPort(browser)
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
      type: string
      webSocketDebuggerUrl: string
    }[]
    const socket = new WebSocket(targets.find(({ type }) => type === 'page')?.webSocketDebuggerUrl ?? '')
    await once(socket, 'open')
    const page = new BrowserPage(browser, socket, folder)
    for (const domain of ['Runtime', 'Log', 'Network', 'Page']) await page.#send(`${domain}.enable`)
    await page.#send('Page.navigate', { url })
    await page.#loaded.promise
    return page
  }

  /** The value of an expression in the page. */
  async run(expression: string): Promise<unknown> {
    const answer = await this.#send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })
    const { result, exceptionDetails } = answer as { result: { value: unknown }; exceptionDetails?: object }
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return result.value
  }

  async setWidth(width: number): Promise<void> {
    const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: false }
    await this.#send('Emulation.setDeviceMetricsOverride', metrics)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#browser, 'exit')
    // It may be gone before it has answered.
    this.#send('Browser.close').catch(() => undefined)
    await ended
    this.#folder[Symbol.dispose]()
  }

  #send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#count
    const answer = Promise.withResolvers<Record<string, unknown>>()
    this.#answers.set(id, answer)
    this.#socket.send(JSON.stringify({ id, method, params }))
    return answer.promise
  }

  // biome-ignore lint/suspicious/noExplicitAny: a protocol of many messages
  #take({ id, result, error, method, params }: any): void {
    if (id !== undefined) {
      const answer = this.#answers.get(id)
      this.#answers.delete(id)
      if (error === undefined) answer?.resolve(result)
      else answer?.reject(new Error(error.message))
    } else if (method === 'Page.loadEventFired') this.#loaded.resolve()
    else if (method === 'Runtime.exceptionThrown')
      this.complaints.push(JSON.stringify(params.exceptionDetails))
    else if (method === 'Log.entryAdded') this.complaints.push(params.entry.text)
    else if (method === 'Runtime.consoleAPICalled') this.complaints.push(JSON.stringify(params.args))
    else if (method === 'Network.requestWillBeSent') this.requests.push(params.request.url)
  }
}

/** The browser says on stderr where its developer tools listen. */
function debuggingPort(browser: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    browser.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1]
      if (port !== undefined) resolve(port)
    })
    browser.once('exit', () => reject(new Error(`the browser ended: ${said}`)))
  })
}

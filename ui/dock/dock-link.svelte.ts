import type { DockAction, DockState } from '../../scripts/demo/contract.ts'

/** The stream is opened again after this long where the browser itself has given up. */
const REOPEN_MS = 1_000
/** A paper that is drawn or a plug that is pulled takes the bench well under this. */
const ANSWER_WITHIN_MS = 10_000

/** The page's tie to the bench: whole states come down, actions go up. */
export class DockLink {
  /** Null until the bench has answered for the first time. */
  state = $state.raw<DockState | null>(null)
  connected = $state(true)
  /** What the bench said of the last action that it did not take; null when it took it. */
  trouble = $state<string | null>(null)

  #stream: EventSource | null = null
  /** Counts states from the stream, so that an answer overtaken by one is not put above it. */
  #streamed = 0

  /** Connects and stays connected; returns how to stop. */
  start(): () => void {
    this.#open()
    return () => {
      this.#stream?.close()
      this.#stream = null
    }
  }

  async act(action: DockAction): Promise<void> {
    const streamed = this.#streamed
    try {
      const response = await fetch('/dock/actions', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(action),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      const answer: unknown = await response.json()
      if (!response.ok) {
        this.trouble = problemOf(answer) ?? `演示没有照办 · The demo did not do it (HTTP ${response.status})`
        return
      }
      this.trouble = null
      if (streamed === this.#streamed) this.state = answer as DockState
    } catch {
      this.trouble =
        '工作台没有回应，请看启动它的终端窗口 · The demo gave no answer: look at the terminal that runs it'
    }
  }

  #open(): void {
    const stream = new EventSource('/dock/events')
    this.#stream = stream
    stream.addEventListener('open', () => {
      this.connected = true
    })
    stream.addEventListener('state', (event: MessageEvent<string>) => {
      this.#streamed += 1
      this.state = JSON.parse(event.data) as DockState
    })
    stream.addEventListener('error', () => {
      this.connected = false
      if (stream.readyState !== EventSource.CLOSED) return
      setTimeout(() => {
        if (this.#stream === stream) this.#open()
      }, REOPEN_MS)
    })
  }
}

/** The words of an application/problem+json body. */
function problemOf(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null) return null
  const { title, detail } = answer as { title?: unknown; detail?: unknown }
  const words = [title, detail].filter((part) => typeof part === 'string')
  return words.length > 0 ? words.join(': ') : null
}

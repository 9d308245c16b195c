import { ownBuild, watchBuild } from './build-watch.ts'
import { deviceOffsetMinutes } from './format.ts'

/** A page whose device says nothing for this long tells so instead of showing what may no longer be true. */
const SILENCE_MS = 5_000
/** The event stream is silent while nothing changes: then the page asks, early enough to try twice. */
const ASK_AFTER_MS = 2_000
/** A device on loopback that is alive answers within a few milliseconds. */
const ANSWER_WITHIN_MS = 2_000
/** Between two looks at the clock; also the beat of the clock and of countdowns on the page. */
const BEAT_MS = 500
/** The stream is opened again after this long; the browser itself gives up after some HTTP errors. */
const REOPEN_MS = 1_000

/** How an action ended. `refused`: the device was asked and will not; its newest state says why. */
export type ActionOutcome = 'done' | 'refused' | 'no-answer'

export interface StateLinkOptions<S> {
  paths: { state: string; events: string; actions: string }
  /** Of the stream's messages that carry a state. */
  event: string
  /** Whether it is this page's state at all. */
  isOurs: (state: S) => boolean
  /** An action that takes longer was not answered: the device's own limit is shorter. */
  actionWithinMs?: number
}

/**
 * A page's only tie to its device: whole states come down, actions go up, and nothing else is kept. A page that was
 * reloaded or restarted is given the state of its session anew (PROTOCOLS.md §3).
 */
export class StateLink<S extends { build: string; now: string }> {
  /** Null until the device has answered for the first time. */
  state = $state.raw<S | null>(null)
  /** False once the device has been silent for SILENCE_MS. */
  answering = $state(true)
  /** The device's clock now, milliseconds since the epoch; moves with each beat. */
  now = $state(Date.now())
  /** Minutes east of Greenwich on the device's clock, whatever zone the browser believes in. */
  offsetMinutes = $derived(deviceOffsetMinutes(this.state?.now ?? ''))

  /** Resolves with the device's first word, whatever it says, or with its first silence. */
  readonly begun: Promise<void>

  readonly #options: StateLinkOptions<S>
  readonly #begin: () => void
  #stream: EventSource | null = null
  #heardAt = 0
  /** Counts states from the stream, so that an answer overtaken by one is not put above it. */
  #streamed = 0
  #asking = false
  #clockAhead = 0
  readonly #checkBuild: (build: string) => void

  constructor(options: StateLinkOptions<S>) {
    this.#options = options
    const { promise, resolve } = Promise.withResolvers<void>()
    this.begun = promise
    this.#begin = resolve
    this.#checkBuild = watchBuild({
      ownBuild: ownBuild(document),
      memory: sessionStorage,
      reload: () => location.reload(),
    })
  }

  /** Connects and stays connected; returns how to stop. */
  start(): () => void {
    this.#heardAt = performance.now()
    this.#open()
    void this.#ask()
    const beat = setInterval(() => this.#beat(), BEAT_MS)
    return () => {
      clearInterval(beat)
      this.#stream?.close()
      this.#stream = null
    }
  }

  /** @param action as the device's contract has it */
  protected async post(action: object): Promise<ActionOutcome> {
    const { paths, actionWithinMs = SILENCE_MS } = this.#options
    const streamed = this.#streamed
    try {
      const response = await fetch(paths.actions, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(action),
        signal: AbortSignal.timeout(actionWithinMs),
      })
      this.#heard()
      if (!response.ok) {
        void this.#ask()
        return 'refused'
      }
      const state: unknown = await response.json()
      if (streamed === this.#streamed) this.#take(state)
      return 'done'
    } catch {
      void this.#ask()
      return 'no-answer'
    }
  }

  #open(): void {
    const { paths, event } = this.#options
    const stream = new EventSource(paths.events)
    this.#stream = stream
    stream.addEventListener(event, (message: MessageEvent<string>) => {
      this.#streamed += 1
      this.#heard()
      this.#take(JSON.parse(message.data))
    })
    stream.addEventListener('error', () => {
      if (stream.readyState !== EventSource.CLOSED) return
      setTimeout(() => {
        if (this.#stream === stream) this.#open()
      }, REOPEN_MS)
    })
  }

  #beat(): void {
    this.now = Date.now() + this.#clockAhead
    const silent = performance.now() - this.#heardAt
    if (silent >= SILENCE_MS) this.answering = false
    if (silent >= ASK_AFTER_MS) void this.#ask()
  }

  async #ask(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    const streamed = this.#streamed
    try {
      const response = await fetch(this.#options.paths.state, {
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      if (response.ok) {
        const state: unknown = await response.json()
        this.#heard()
        if (streamed === this.#streamed) this.#take(state)
      }
    } catch {
      // Silence is what the beat watches for; there is nothing to add here.
    } finally {
      this.#asking = false
      this.#begin()
    }
  }

  #heard(): void {
    this.#heardAt = performance.now()
    this.answering = true
  }

  /** The device validates what it sends by its own contract; a page only makes sure whose state it is. */
  #take(value: unknown): void {
    const state = value as S
    if (!this.#options.isOurs(state)) return
    this.#clockAhead = Date.parse(state.now) - Date.now()
    this.now = Date.now() + this.#clockAhead
    this.state = state
    this.#checkBuild(state.build)
  }
}

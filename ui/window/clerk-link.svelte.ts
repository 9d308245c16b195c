import type { ClerkAction, ClerkState, FoundItems, Language, SignIn } from '../../device/http/contract.ts'
import { ownBuild, watchBuild } from '../shared/build-watch.ts'

/** A pad on the LAN that is alive answers well within; its own waits for other systems are a second. */
const ANSWER_WITHIN_MS = 8_000
/** The stream is silent while nothing changes: then the page asks, early enough to try twice. */
const ASK_AFTER_MS = 4_000
/** A page whose pad says nothing for this long tells so instead of showing what may no longer be true. */
const SILENCE_MS = 10_000
const BEAT_MS = 1_000
/** The stream is opened again after this long; the browser itself gives up after some HTTP errors. */
const REOPEN_MS = 1_000

export type Failure =
  | { code: 'too-many-tries'; seconds: number }
  /** A problem's code, or `no-answer`. */
  | { code: string; seconds?: undefined }

/** The page's only tie to its pad: whole states come down, what the clerk does goes up. */
export class ClerkLink {
  /** Null until the pad has answered for the first time. */
  state = $state.raw<ClerkState | null>(null)
  answering = $state(true)
  /** The pad has ended the session that this page had. */
  signedOut = $state(false)

  #stream: EventSource | null = null
  #heardAt = 0
  #asking = false
  /** The clerk has asked for it themselves. */
  #leaving = false
  /** Counts states from the stream, so that an answer overtaken by one is not put above it. */
  #streamed = 0
  readonly #checkBuild = watchBuild({
    ownBuild: ownBuild(document),
    memory: sessionStorage,
    reload: () => location.reload(),
  })

  /** Connects and stays connected; returns how to stop. */
  start(): () => void {
    this.#heardAt = performance.now()
    this.#open()
    const beat = setInterval(() => this.#beat(), BEAT_MS)
    return () => {
      clearInterval(beat)
      this.#stream?.close()
      this.#stream = null
    }
  }

  async signIn(signIn: SignIn): Promise<Failure | null> {
    const failure = await this.#send('PUT', 'session', signIn)
    if (failure === null) this.#open()
    return failure
  }

  async signOut(): Promise<Failure | null> {
    this.#leaving = true
    const failure = await this.#send('DELETE', 'session')
    this.#leaving = false
    return failure
  }

  act(action: ClerkAction): Promise<Failure | null> {
    return this.#send('POST', 'actions', action)
  }

  /** Null when the pad does not say. */
  async find(words: string, language: Language): Promise<FoundItems | null> {
    try {
      const query = new URLSearchParams({ q: words, lang: language })
      const response = await fetch(`/window/clerk/items?${query}`, {
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      return response.ok ? ((await response.json()) as FoundItems) : null
    } catch {
      return null
    }
  }

  async #send(method: string, path: string, body?: object): Promise<Failure | null> {
    const streamed = this.#streamed
    try {
      const response = await fetch(`/window/clerk/${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      this.#heard()
      const answer: unknown = await response.json()
      if (!response.ok) {
        void this.#ask()
        return failureOf(response, answer)
      }
      if (streamed === this.#streamed) this.#take(answer as ClerkState)
      return null
    } catch {
      void this.#ask()
      return { code: 'no-answer' }
    }
  }

  /** Anew whenever the cookie is another: a stream stays whose it was. */
  #open(): void {
    this.#stream?.close()
    const stream = new EventSource('/window/clerk/events')
    this.#stream = stream
    stream.addEventListener('state', (event: MessageEvent<string>) => {
      if (this.#stream !== stream) return
      this.#streamed += 1
      this.#heard()
      this.#take(JSON.parse(event.data) as ClerkState)
    })
    stream.addEventListener('error', () => {
      if (this.#stream !== stream) return
      void this.#ask()
      if (stream.readyState !== EventSource.CLOSED) return
      setTimeout(() => {
        if (this.#stream === stream) this.#open()
      }, REOPEN_MS)
    })
  }

  #beat(): void {
    const silent = performance.now() - this.#heardAt
    if (silent >= SILENCE_MS) this.answering = false
    if (silent >= ASK_AFTER_MS) void this.#ask()
  }

  async #ask(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    const streamed = this.#streamed
    try {
      const response = await fetch('/window/clerk/state', { signal: AbortSignal.timeout(ASK_AFTER_MS) })
      if (!response.ok) return
      const state = (await response.json()) as ClerkState
      this.#heard()
      if (streamed === this.#streamed) this.#take(state)
    } catch {
      // Silence is what the beat watches for; there is nothing to add here.
    } finally {
      this.#asking = false
    }
  }

  #heard(): void {
    this.#heardAt = performance.now()
    this.answering = true
  }

  #take(state: ClerkState): void {
    const ended = this.state?.desk != null && state.desk === null
    if (ended) this.signedOut = !this.#leaving
    if (state.desk !== null) this.signedOut = false
    this.state = state
    // The stream of the session ends with it.
    if (ended) this.#open()
    this.#checkBuild(state.build)
  }
}

const failureOf = (response: Response, answer: unknown): Failure => {
  const code =
    typeof answer === 'object' && answer !== null && 'code' in answer ? String(answer.code) : 'other'
  const seconds = Number(response.headers.get('retry-after'))
  return code === 'too-many-tries' ? { code, seconds: Math.max(1, seconds) } : { code }
}

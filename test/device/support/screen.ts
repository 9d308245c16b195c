/** A page without a browser: reads the states as they come, posts what would be touched. */
import type { Action, PadState, ScreenState, TerminalState } from '../../../device/http/contract.ts'

/** Far more than any step takes on the busiest machine; only a test that fails waits for it. */
const PATIENCE_MS = 45_000

export interface TestScreen<State extends ScreenState> {
  state(): State
  /** The first state, from now on or standing, that fits. */
  until(fits: (state: State) => boolean, patienceMs?: number): Promise<State>
  untilView<Name extends State['view']['name']>(
    name: Name,
  ): Promise<State & { view: Extract<State['view'], { name: Name }> }>
  act(action: Action): Promise<Response>
  close(): void
}

export const openTerminal = (url: string): Promise<TestScreen<TerminalState>> =>
  openScreen<TerminalState>(url)
export const openPad = (url: string): Promise<TestScreen<PadState>> => openScreen<PadState>(url)

const openScreen = async <State extends ScreenState>(screenUrl: string): Promise<TestScreen<State>> => {
  const { origin } = new URL(screenUrl)
  const closing = new AbortController()
  const response = await fetch(`${origin}/api/events`, { signal: closing.signal })
  const waiting = new Set<(state: State) => void>()
  let latest: State | null = null

  const read = async (): Promise<void> => {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      const messages = text.split('\n\n')
      text = messages.pop() ?? ''
      for (const message of messages) {
        const data = /^data: (.*)$/m.exec(message)?.[1]
        if (data === undefined) continue
        const state: State = JSON.parse(data)
        latest = state
        for (const see of waiting) see(state)
      }
    }
  }
  read().catch(() => {})

  const until = async (fits: (state: State) => boolean, patienceMs = PATIENCE_MS): Promise<State> => {
    if (latest !== null && fits(latest)) return latest
    const { promise, resolve, reject } = Promise.withResolvers<State>()
    const see = (state: State): void => {
      if (fits(state)) resolve(state)
    }
    const timer = setTimeout(
      () =>
        reject(
          new Error(`no such state came; the last view was ${JSON.stringify(latest?.view).slice(0, 400)}`),
        ),
      patienceMs,
    )
    waiting.add(see)
    return await promise.finally(() => {
      clearTimeout(timer)
      waiting.delete(see)
    })
  }
  await until(() => true)

  return {
    state() {
      if (latest === null) throw new Error('no state has come')
      return latest
    },
    until,
    async untilView(name) {
      return (await until(({ view }) => view.name === name)) as Awaited<
        ReturnType<TestScreen<State>['untilView']>
      > as never
    },
    act: (action) =>
      fetch(`${origin}/api/actions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: JSON.stringify(action),
      }),
    close: () => closing.abort(),
  }
}

/** What this project's own listeners answer with is always one JSON object. */
export const bodyOf = async (response: Response): Promise<Record<string, unknown>> => {
  const body: unknown = await response.json()
  return body as Record<string, unknown>
}

/** What a clerk's browser sends: its cookie, and the page's own origin. */
import type { ClerkAction, ClerkState } from '../../../device/http/contract.ts'

export interface Answered {
  status: number
  body: ClerkState & { code?: string }
  headers: Headers
}

export class ClerkBrowser {
  readonly #url: string
  cookie = ''
  /** Everything that any answer or stream has said. */
  heard = ''

  constructor(windowUrl: string | null) {
    this.#url = String(windowUrl)
  }

  async send(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    const response = await fetch(`${this.#url}/window/clerk/${path}`, {
      method,
      headers: {
        origin: this.#url,
        cookie: this.cookie,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    this.heard += text
    const [cookie] = response.headers.getSetCookie()
    if (cookie !== undefined) this.cookie = cookie.split(';')[0] ?? ''
    return { status: response.status, body: JSON.parse(text), headers: response.headers }
  }

  signIn(staffId: string, pin: string): Promise<Answered> {
    return this.send('PUT', 'session', { staffId, pin })
  }

  act(action: ClerkAction): Promise<Answered> {
    return this.send('POST', 'actions', action)
  }

  async state(): Promise<ClerkState> {
    return (await this.send('GET', 'state')).body
  }

  /** The states of a stream as they come; `ended` once the pad has closed it. */
  async follow(): Promise<{ states: ClerkState[]; ended: Promise<void>; stop(): void }> {
    const closing = new AbortController()
    const { signal } = closing
    const response = await fetch(`${this.#url}/window/clerk/events`, {
      headers: { cookie: this.cookie },
      signal,
    })
    const states: ClerkState[] = []
    const read = async (): Promise<void> => {
      let text = ''
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk).toString('utf8')
        const messages = text.split('\n\n')
        text = messages.pop() ?? ''
        for (const message of messages) {
          this.heard += message
          const data = /^data: (.*)$/m.exec(message)?.[1]
          if (data !== undefined) states.push(JSON.parse(data))
        }
      }
    }
    return { states, ended: read().catch(() => {}), stop: () => closing.abort() }
  }
}

import type { DockCase, DockState } from './contract.ts'

/** What a hall's case system does at a window (PROTOCOLS.md §2), for the demo's clerk. */
export class WindowClient {
  readonly #url: string | null
  readonly #token: string
  #evaluation: DockState['evaluation'] = null

  constructor(url: string | null, token: string) {
    this.#url = url
    this.#token = token
  }

  /** The evaluation that was asked for last, as the window may know it: never a level. */
  async evaluation(): Promise<DockState['evaluation']> {
    const id = this.#evaluation?.id
    if (id) {
      const answer = await this.#send('GET', `evaluations/${id}`)
      if (answer.ok) this.#evaluation = { id, state: answer.body.state ?? '?' }
    }
    return this.#evaluation
  }

  async ask(wanted: DockCase, staffId: string): Promise<void> {
    const { caseNo, itemCode, itemName } = wanted
    const answer = await this.#send('POST', 'evaluations', { caseNo, itemCode, itemName, staffId })
    if (answer.ok) this.#evaluation = { id: answer.body.id ?? null, state: answer.body.state ?? '?' }
    else if (answer.body.code !== 'busy')
      this.#evaluation = { id: null, state: answer.body.code ?? 'no-answer' }
  }

  async cancel(): Promise<void> {
    if (this.#evaluation?.id) await this.#send('DELETE', `evaluations/${this.#evaluation.id}`)
  }

  async setService(state: 'open' | 'paused'): Promise<void> {
    await this.#send('PUT', 'service', { state })
  }

  async setStaff(staffId: string): Promise<void> {
    await this.#send('PUT', 'staff', { staffId })
  }

  async #send(method: string, path: string, body?: object): Promise<WindowAnswer> {
    if (this.#url === null) return { ok: false, body: { code: 'no-window' } }
    try {
      const response = await fetch(new URL(`/window/v1/${path}`, this.#url), {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        body: body ? JSON.stringify(body) : null,
        signal: AbortSignal.timeout(2_000),
      })
      const text = await response.text()
      return { ok: response.ok, body: text ? (JSON.parse(text) as WindowAnswer['body']) : {} }
    } catch {
      return { ok: false, body: { code: 'no-answer' } }
    }
  }
}

interface WindowAnswer {
  ok: boolean
  body: { id?: string; state?: string; code?: string }
}

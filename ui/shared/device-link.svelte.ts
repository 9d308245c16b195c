import type { Action, ScreenState } from '../../device/http/contract.ts'
import { type ActionOutcome, StateLink } from './state-link.svelte.ts'

export type { ActionOutcome } from './state-link.svelte.ts'

/** "Somebody is here" is said at most this often: the idle time is a minute. */
const TOUCH_EVERY_MS = 4_000

/** The tie of a terminal's or a pad's page to its device: it is given the state of the citizen's session. */
export class DeviceLink<S extends ScreenState, A extends Action> extends StateLink<S> {
  #touchedAt = Number.NEGATIVE_INFINITY

  constructor(role: S['role']) {
    super({
      paths: { state: '/api/state', events: '/api/events', actions: '/api/actions' },
      event: 'state',
      isOurs: (state) => state.role === role,
    })
  }

  act(action: A): Promise<ActionOutcome> {
    // Whatever is done says as well that somebody is here.
    this.#touchedAt = performance.now()
    return this.post(action)
  }

  /** Any touch: the session is alive. */
  touched(): void {
    if (this.state === null || this.state.view.name === 'rest') return
    if (performance.now() - this.#touchedAt < TOUCH_EVERY_MS) return
    void this.act({ type: 'touch' } as A)
  }
}

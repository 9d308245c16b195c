import type { SetupAction, SetupState } from '../../device/http/contract.ts'
import { type ActionOutcome, StateLink } from '../shared/state-link.svelte.ts'

/** A change of the configuration starts the device anew, which waits for cables and disks: longer than any touch. */
const ACTION_WITHIN_MS = 60_000
/** "Somebody is here" is said at most this often: a session ends after ten minutes. */
const TOUCH_EVERY_MS = 20_000

/** The tie of the technician's pages to the device behind them, which holds their session. */
export class SetupLink extends StateLink<SetupState> {
  /** Actions that the device has not answered yet. */
  waiting = $state(0)
  #touchedAt = Number.NEGATIVE_INFINITY

  constructor() {
    super({
      paths: {
        state: '/api/setup/state',
        events: '/api/setup/events',
        actions: '/api/setup/actions',
      },
      event: 'setup',
      isOurs: (state) => 'access' in state,
      actionWithinMs: ACTION_WITHIN_MS,
    })
  }

  async act(action: SetupAction): Promise<ActionOutcome> {
    this.#touchedAt = performance.now()
    this.waiting += 1
    try {
      return await this.post(action)
    } finally {
      this.waiting -= 1
    }
  }

  /** Any touch or key: somebody is there. */
  touched(): void {
    if (this.state?.access.name !== 'in') return
    if (performance.now() - this.#touchedAt < TOUCH_EVERY_MS) return
    this.#touchedAt = performance.now()
    void this.post({ room: 'access', action: { type: 'touch' } })
  }
}

/** The newest change that was made in this room, and how it is taken back. */
import type { PeripheralsState } from '../../http/contract.ts'
import { refuse, type SetupAnswer, type Workshop } from '../workshop.ts'

type Change = NonNullable<PeripheralsState['undo']>

export interface RoomUndo {
  /** Null when there is none, or when something else was changed since. */
  state(): Change | null
  apply(next: unknown, why: string, change: Change): Promise<SetupAnswer>
  takeBack(): Promise<SetupAnswer>
}

const OPPOSITE: Record<Change['what'], Change['what']> = { bound: 'unbound', unbound: 'bound' }

export const roomUndo = (workshop: Workshop): RoomUndo => {
  /** `left`: what stands since; compared as text, for it holds secrets that nobody needs to see here. */
  let newest: { change: Change; before: unknown; left: string } | null = null
  const standing = (): string => JSON.stringify(workshop.written())
  const state = (): Change | null => (newest !== null && newest.left === standing() ? newest.change : null)

  const apply: RoomUndo['apply'] = async (next, why, change) => {
    const before = workshop.written()
    const answer = await workshop.apply(next, why)
    if (answer.ok) newest = { change, before, left: standing() }
    return answer
  }
  return {
    state,
    apply,
    async takeBack() {
      const change = state()
      if (newest === null || change === null)
        return refuse('nothing-to-undo', 'nothing was changed here since the configuration was written last')
      return await apply(newest.before, 'undone', { ...change, what: OPPOSITE[change.what] })
    },
  }
}

/** Queue tickets: what one can queue for now. */
import type { QueueAnswer } from '../../../sync/protocol/queue.ts'
import type { QueueType } from '../../http/contract.ts'
import type { Room } from '../room.ts'
import type { World } from '../state.ts'
import { deadEnd, goTo, runs, stay } from '../steps.ts'

/** In the hall's order; English where the content has it. */
const typesOf = ({ types }: QueueAnswer, { businessTypes }: World): QueueType[] =>
  types.map((type) => {
    const known = businessTypes.find(({ businessType }) => businessType === type.businessType)
    return {
      ...type,
      nameEnglish: known?.nameEnglish ?? type.name,
      areaEnglish: known?.areaEnglish ?? type.area,
    }
  })

export const ticketsRoom: Room = {
  pages: ['queue'],
  actions: [],
  errands: ['queue'],
  act: stay,
  open: { ticket: (state) => runs(state, 'ticket', 'queue', { kind: 'queue', wanted: {} }) },
  errandDone(state, { outcome }, world) {
    if (!outcome.ok) return stay(deadEnd(state, 'ticket', outcome.deadEnd))
    return stay(goTo(state, { name: 'queue', types: typesOf(outcome.value, world) }))
  },
}

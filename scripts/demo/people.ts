import type { SimulatedCard } from '../../drivers/simulators/id-reader.ts'
import cases from '../../sync/hall/demo/cases.json' with { type: 'json' }
import people from '../../sync/hall/demo/people.json' with { type: 'json' }
import type { DockCase, DockPerson } from './contract.ts'

/** The demo's invented people, each with the card that the simulated reader can be given. */
export const demoPeople: (DockPerson & { card: SimulatedCard })[] = people.map(
  ({ id, note, phoneMasked: _phone, sex, ...card }) => ({
    id,
    note,
    name: card.name,
    card: { ...card, sex: sex === '女' ? 'female' : 'male' },
  }),
)

/** The demo's cases, as a receipt in somebody's hand: the number and what it is good for. */
export const demoCases: DockCase[] = cases.map(({ caseNo, itemCode, itemName, note }) => ({
  caseNo,
  itemCode,
  itemName,
  note,
}))

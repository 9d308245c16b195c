/** A person's cases and their papers. */
import type { Room } from '../room.ts'
import type { PlainAction, SessionState, Transition } from '../state.ts'
import { goTo, stay } from '../steps.ts'
import { refreshedCase } from './views.ts'

const act = (state: SessionState, action: PlainAction): Transition => {
  if (action.type !== 'open-case' || state.view.name !== 'papers') return stay(state)
  const found = state.view.cases.find(({ caseNo }) => caseNo === action.caseNo)
  if (found === undefined) return stay(state)
  const { personMasked } = state.view
  return stay(goTo(state, { name: 'case', personMasked, provedBy: 'card', case: found }))
}

export const papersRoom: Room = {
  pages: ['papers', 'case'],
  actions: ['open-case'],
  act,
  refreshed(view, { personal: { documents } }, world) {
    if (view.name === 'papers')
      return { ...view, cases: view.cases.map((one) => refreshedCase(one, documents, world)) }
    if (view.name === 'case') return { ...view, case: refreshedCase(view.case, documents, world) }
    return view
  },
}

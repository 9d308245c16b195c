/** A person's cases and their papers: one at a time, or several chosen together. */
import type { Room } from '../room.ts'
import type { PlainAction, SessionState, Transition } from '../state.ts'
import { goTo, stay } from '../steps.ts'
import { choiceView, papersView, refreshedCase, refreshedChoice } from './views.ts'

const act = (state: SessionState, action: PlainAction): Transition => {
  const { view } = state
  switch (action.type) {
    case 'open-case': {
      if (view.name !== 'papers') return stay(state)
      const found = view.cases.find(({ caseNo }) => caseNo === action.caseNo)
      if (found === undefined) return stay(state)
      const { personMasked } = view
      return stay(goTo(state, { name: 'case', personMasked, provedBy: 'card', case: found }))
    }
    case 'open-paper-choice':
      if (view.name !== 'papers' || view.printable === 0) return stay(state)
      return stay(goTo(state, choiceView(view.cases)))
    case 'choose-paper':
      return choose(state, action.chosen, (paperId) => paperId === action.paperId)
    case 'choose-all-papers':
      return choose(state, action.chosen, () => true)
    default:
      return stay(state)
  }
}

const choose = (state: SessionState, chosen: boolean, isMeant: (paperId: string) => boolean): Transition => {
  const { view } = state
  if (view.name !== 'paper-choice') return stay(state)
  const papers = view.papers.map((paper) =>
    isMeant(paper.paperId) && paper.lacks === null ? { ...paper, chosen } : paper,
  )
  return stay({ ...state, view: { ...view, papers } })
}

export const papersRoom: Room = {
  pages: ['papers', 'case', 'paper-choice'],
  actions: ['open-case', 'open-paper-choice', 'choose-paper', 'choose-all-papers'],
  act,
  refreshed(view, { personal: { documents } }, world) {
    switch (view.name) {
      case 'papers': {
        const cases = view.cases.map((one) => refreshedCase(one, documents, world))
        return papersView(view.personMasked, cases, world)
      }
      case 'case':
        return { ...view, case: refreshedCase(view.case, documents, world) }
      case 'paper-choice':
        return refreshedChoice(view, documents, world)
      default:
        return view
    }
  },
}

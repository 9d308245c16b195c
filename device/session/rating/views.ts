/** The pages of a rating, made from what was touched so far. */
import type { RatingAbout, TerminalView } from '../../http/contract.ts'
import type { SessionState, World } from '../state.ts'
import { problemOf } from '../views.ts'
import type { OpenRating, RatingDraft } from './draft.ts'

type View<Name extends TerminalView['name']> = Extract<TerminalView, { name: Name }>

export const presentRating = (
  { service }: RatingDraft,
  { accepts, online }: World,
  problem: View<'rate-present'>['problem'] = null,
): View<'rate-present'> => {
  const ways: View<'rate-present'>['accepts'] = []
  if (online && accepts.code) ways.push('code')
  if (online && accepts.card) ways.push('card')
  return {
    name: 'rate-present',
    accepts: ways,
    online,
    service: service !== 'rated',
    problem: problemOf(problem, ways),
  }
}

export const casesView = ({ personal }: SessionState): View<'rate-cases'> => ({
  name: 'rate-cases',
  personMasked: personal.masked ?? '',
  cases: (personal.rating.found?.cases ?? []).map(({ rated, acceptedAt, open }) => ({
    caseNo: rated.caseNo,
    itemName: rated.itemName,
    acceptedAt,
    open,
  })),
})

export const aboutOf = (about: OpenRating['about']): RatingAbout =>
  about === null ? { kind: 'service' } : { kind: 'case', itemName: about.itemName, followUp: about.followUp }

export const askingView = ({ about, anonymous }: OpenRating, notKept = false): View<'rate'> => ({
  name: 'rate',
  about: aboutOf(about),
  anonymous,
  notKept,
})

export const labelsView = (
  { offered, chosen, words, anonymous }: OpenRating,
  notKept = false,
): View<'rate-labels'> => ({
  name: 'rate-labels',
  labels: offered ?? [],
  chosen,
  words,
  anonymous,
  notKept,
})

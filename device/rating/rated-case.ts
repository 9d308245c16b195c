import type { Case } from '../../sync/protocol/cases.ts'
import { RatedCase } from '../../sync/protocol/events.ts'

const NAME_MOST = 200

/** A case as a rating names it; null where the case system's own codes do not fit one. */
export const ratedCaseOf = ({
  caseNo,
  itemCode,
  itemName,
}: Pick<Case, 'caseNo' | 'itemCode' | 'itemName'>): RatedCase | null => {
  const rated = RatedCase.safeParse({
    caseNo,
    itemCode,
    itemName: itemName.slice(0, NAME_MOST),
    handleItem: null,
    serviceName: '',
    serviceNumber: 1,
    ticketNo: null,
  })
  return rated.success ? rated.data : null
}

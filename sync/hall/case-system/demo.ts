/** The case system of the demonstration hall: twenty invented cases, alive on whatever day it runs. */
import type { Calendar } from '../../protocol/content.ts'
import { addWorkingDays } from '../../protocol/working-days.ts'
import type { CaseSystem, FoundCase } from './case-system.ts'
import type { DemoCase, DemoData, DemoPerson } from './demo-data.ts'
import { demoPapers } from './demo-papers.ts'
import { hallDate, hallInstant, type RelativeTime } from './hall-time.ts'
import { maskName } from './masking.ts'

/** States in which the hall still owes its answer. */
const OPEN_STATES: readonly DemoCase['state'][] = ['accepted', 'in-review']

/** States in which the time limit does not run: nothing accepted yet, or the clock stands still. */
const CLOCK_STOPPED: readonly DemoCase['state'][] = ['received', 'supplement', 'special-procedure']

/** @throws Error when a case names an applicant that the data lack. */
export function demoCaseSystem(
  data: DemoData,
  calendars: readonly Calendar[],
  clock: () => Date = () => new Date(),
): CaseSystem {
  const people = new Map(data.people.map((person) => [person.id, person]))
  const withApplicants = data.cases.map((demoCase) => {
    const applicants = demoCase.applicants.map((id) => {
      const person = people.get(id)
      if (person === undefined) throw new Error(`case ${demoCase.caseNo} names nobody: ${id}`)
      return person
    })
    return { demoCase, applicants }
  })

  return {
    async searchByReceipt(caseNo) {
      const wanted = caseNo.toUpperCase()
      const found = withApplicants.filter(({ demoCase }) => demoCase.caseNo === wanted)
      return { outcome: 'found', cases: found.flatMap(shown) }
    },
    async searchByPerson({ idNumber }) {
      const wanted = idNumber.toUpperCase()
      const found = withApplicants.filter(({ applicants }) =>
        applicants.some(({ number }) => number === wanted),
      )
      return { outcome: 'found', cases: found.flatMap(shown) }
    },
  }

  function shown({ demoCase, applicants }: { demoCase: DemoCase; applicants: DemoPerson[] }): FoundCase[] {
    return applicants.slice(0, 1).map((applicant) => caseToday(demoCase, applicant))
  }

  function caseToday(demoCase: DemoCase, applicant: DemoPerson): FoundCase {
    const today = hallDate(clock())
    const instant = (at: RelativeTime): string => hallInstant(at, today, calendars)
    const { state, accepted } = demoCase
    const promisedBy = promisedDay(demoCase, today)
    return {
      caseNo: demoCase.caseNo,
      itemCode: demoCase.itemCode,
      itemName: demoCase.itemName,
      kind: demoCase.kind,
      state,
      steps: demoCase.steps.map(({ name, who, at }) => ({ name, at: at === null ? null : instant(at), who })),
      acceptedAt: accepted === null ? null : instant(accepted),
      statutoryDays: demoCase.statutoryDays,
      promisedBy,
      clockFrom: accepted === null || CLOCK_STOPPED.includes(state) ? null : instant(accepted),
      overdue: promisedBy !== null && OPEN_STATES.includes(state) && today > promisedBy,
      missing: demoCase.missing,
      reasons: demoCase.reasons,
      remedy: demoCase.remedy,
      contact: demoCase.contact,
      applicantMasked: maskName(applicant.name),
      documents: demoPapers({ demoCase, applicant, today, calendars }),
      pickup: demoCase.pickup,
    }
  }

  function promisedDay(demoCase: DemoCase, today: string): string | null {
    if (demoCase.accepted === null || CLOCK_STOPPED.includes(demoCase.state)) return null
    const acceptedOn = addWorkingDays(today, demoCase.accepted.workingDays, calendars)
    return addWorkingDays(acceptedOn, demoCase.promisedDays, calendars)
  }
}

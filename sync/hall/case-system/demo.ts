/** The case system of the demonstration hall: invented cases, alive on whatever day it runs. */
import type { Calendar } from '../../protocol/content.ts'
import { Personal } from '../../protocol/personal.ts'
import { demoPdf } from '../demo/paper-pdf.ts'
import type { DemoHall } from '../store/demo-hall.ts'
import type { CaseSystem, CollectBy, CollectOutcome, FoundCase, ServiceFacts } from './case-system.ts'
import type { DemoCase, DemoData, DemoPerson } from './demo-data.ts'
import { demoPapers, type PaperFacts, paperReference, readReference } from './demo-papers.ts'
import { paperOfForm, resultPaper } from './demo-results.ts'
import { atHall, hallDate, hallInstant, type RelativeTime } from './hall-time.ts'
import { limitsOf } from './limits.ts'
import { maskName } from './masking.ts'

export interface DemoCaseSystemOptions {
  data: DemoData
  /** Asked each time, since the hall's content may change. */
  calendars: () => readonly Calendar[]
  clock: () => Date
  /** What was handed over stays handed over. */
  kept: DemoHall
}

interface CaseOf {
  demoCase: DemoCase
  applicants: DemoPerson[]
}

/** 18 characters of the item's code name the office; the area is no real one. */
const OFFICE_CODE_CHARACTERS = 18
const AREA_CODE = '330099'

/** @throws Error when a case names an applicant that the data lack. */
export function demoCaseSystem({ data, calendars, clock, kept }: DemoCaseSystemOptions): CaseSystem {
  const people = new Map(data.people.map((person) => [person.id, person]))
  const cases = data.cases.map((demoCase): CaseOf => {
    const applicants = demoCase.applicants.map((id) => {
      const person = people.get(id)
      if (person === undefined) throw new Error(`case ${demoCase.caseNo} names nobody: ${id}`)
      return person
    })
    return { demoCase, applicants }
  })

  const caseOf = (caseNo: string): CaseOf | undefined =>
    cases.find(({ demoCase }) => demoCase.caseNo === caseNo.toUpperCase())

  /** As it is today, with what was handed over meanwhile. */
  async function today(found: readonly CaseOf[]): Promise<FoundCase[]> {
    const collected = await kept.collectedAt(found.map(({ demoCase }) => demoCase.caseNo))
    return found.flatMap((one) => {
      const facts = paperFacts(one)
      return facts === null ? [] : [caseToday(facts, collected.get(facts.demoCase.caseNo) ?? null)]
    })
  }

  function paperFacts({ demoCase, applicants: [applicant] }: CaseOf): PaperFacts | null {
    if (applicant === undefined) return null
    return { demoCase, applicant, today: hallDate(clock()), calendars: calendars() }
  }

  function caseToday(facts: PaperFacts, collectedAt: Date | null): FoundCase {
    const { demoCase, applicant, today: date } = facts
    const instant = (at: RelativeTime): string => hallInstant(at, date, facts.calendars)
    const { accepted, promisedDays, statutoryDays, consentBySilence, contact, pickup } = demoCase
    const state = collectedAt === null ? demoCase.state : 'collected'
    const runsFrom = accepted === null ? null : instant(accepted)
    const overdueActor = `${demoCase.office}；催办请找${contact.window}号窗口${contact.name}`
    const limit = {
      state,
      runsFrom,
      promisedDays,
      statutoryDays,
      pausedDays: 0,
      overdueActor,
      consentBySilence,
    }
    return {
      caseNo: demoCase.caseNo,
      itemCode: demoCase.itemCode,
      itemName: demoCase.itemName,
      kind: demoCase.kind,
      state,
      steps: demoCase.steps.map(({ name, who, at }, index) => {
        const last = index === demoCase.steps.length - 1
        const done = at === null ? (last && collectedAt !== null ? atHall(collectedAt) : null) : instant(at)
        return { name, at: done, who }
      }),
      acceptedAt: runsFrom,
      statutoryDays,
      ...limitsOf(limit, clock(), facts.calendars),
      missing: demoCase.missing,
      reasons: demoCase.reasons,
      remedy: demoCase.remedy,
      contact,
      applicantMasked: maskName(applicant.name),
      documents: demoPapers(facts),
      pickup: pickup === null || collectedAt === null ? pickup : { ...pickup, state: 'collected' },
    }
  }

  async function collect(caseNo: string, by: CollectBy, key: string): Promise<CollectOutcome> {
    const found = caseOf(caseNo)
    const pickup = found?.demoCase.pickup ?? null
    if (found === undefined || pickup === null) return { outcome: 'not-found' }
    if (pickup.state === 'collected') return { outcome: 'already-collected' }
    const refused = refusedBy(found, by)
    if (refused !== null) return refused
    const { at, mine } = await kept.collect(found.demoCase.caseNo, key, clock())
    if (!mine) return { outcome: 'already-collected' }
    return { outcome: 'collected', collectedAt: atHall(at), where: pickup.where }
  }

  return {
    async searchByReceipt(caseNo) {
      const found = caseOf(caseNo)
      return { outcome: 'found', cases: found === undefined ? [] : await today([found]) }
    },

    async searchByPerson({ idNumber }) {
      const wanted = idNumber.toUpperCase()
      const found = cases.filter(({ applicants }) => applicants.some(({ number }) => number === wanted))
      return { outcome: 'found', cases: await today(found) }
    },

    async serviceFacts(caseNo) {
      const found = caseOf(caseNo)
      const facts = found === undefined ? null : paperFacts(found)
      return facts === null
        ? { outcome: 'not-found' }
        : { outcome: 'found', facts: new Personal(serviceFacts(facts)) }
    },

    async document(reference) {
      const wanted = readReference(reference)
      const found = wanted === null ? undefined : caseOf(wanted.caseNo)
      const facts = found === undefined ? null : paperFacts(found)
      if (wanted === null || facts === null) return { outcome: 'not-found' }
      const paper = demoPapers(facts).find(
        (one) => one.reference === paperReference(wanted.caseNo, wanted.kind),
      )
      if (paper === undefined) return { outcome: 'not-found' }
      const pdf = await demoPdf(paper.form === null ? resultPaper(facts) : paperOfForm(paper.form), clock())
      return { outcome: 'found', pdf }
    },

    collect,
    close() {},
  }
}

function refusedBy({ demoCase, applicants }: CaseOf, by: CollectBy): CollectOutcome | null {
  if (by.kind === 'receipt')
    return demoCase.collectBy === 'receipt-or-card'
      ? null
      : { outcome: 'refused', code: 'card-needed', words: '这份结果要刷申请人本人的身份证才能取。' }
  const wanted = by.person.reveal().idNumber.toUpperCase()
  if (applicants.some(({ number }) => number === wanted)) return null
  return {
    outcome: 'refused',
    code: 'other-person',
    words: '这份结果不在您的名下，请申请人本人来取，或者到窗口办理委托。',
  }
}

function serviceFacts({ demoCase, applicant, today, calendars }: PaperFacts): ServiceFacts {
  const { itemCode, itemName, kind, promisedDays, accepted, state, steps, contact } = demoCase
  const progress = accepted === null ? 'to-be-accepted' : DONE.includes(state) ? 'done' : 'accepted'
  const last = steps.findLast(({ at }) => at !== null)?.at ?? null
  return {
    itemCode,
    itemName,
    handleItem: null,
    deptCode: itemCode.slice(0, OFFICE_CODE_CHARACTERS),
    areaCode: AREA_CODE,
    progress,
    userProp: '1',
    userName: applicant.name,
    idType: '111',
    idNumber: applicant.number,
    mobile: null,
    handleUserName: contact.name,
    acceptedAt: accepted === null ? null : hallInstant(accepted, today, calendars),
    resultAt: progress === 'done' && last !== null ? hallInstant(last, today, calendars) : null,
    kind,
    promisedDays,
  }
}

const DONE: readonly DemoCase['state'][] = ['ready', 'collected', 'refused', 'approved']

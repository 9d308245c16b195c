import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CaseSystem } from '../../../../sync/hall/case-system/case-system.ts'
import { demoCaseSystem } from '../../../../sync/hall/case-system/demo.ts'
import { readDemoData } from '../../../../sync/hall/case-system/demo-data.ts'
import type { ProvinceProfile } from '../../../../sync/hall/province/profile-schema.ts'
import type { ProvinceReporter } from '../../../../sync/hall/province/reporter.ts'
import type { ProvinceSimulator } from '../../../../sync/hall/province/simulator/simulator.ts'
import { Personal } from '../../../../sync/protocol/personal.ts'
import { CITIZEN, profileOf, provinceOf, RatedHall, ratingOf, reporterOf } from './support.ts'

const DEMO_FOLDER = join(import.meta.dirname, '../../../../sync/hall/demo')

let hall: RatedHall
let province: ProvinceSimulator
let reporter: ProvinceReporter | null = null
let profile: ProvinceProfile

beforeEach(async () => {
  hall = await RatedHall.open()
})

afterEach(async () => {
  await reporter?.close()
  reporter = null
  await province.close()
  await hall.close()
})

async function connect(): Promise<void> {
  profile = profileOf('zhejiang')
  province = await provinceOf(profile)
}

describe('with a case system', () => {
  const CASE_NO = 'YX2026110007K3'

  const demoCases = (): CaseSystem =>
    demoCaseSystem({
      data: readDemoData(DEMO_FOLDER),
      calendars: () => [],
      clock: () => new Date(),
      kept: hall.store.demo,
    })

  function reportWithCases(): void {
    const caseSystem = demoCases()
    reporter = reporterOf(hall, 'zhejiang', profile, province, {
      sources: { caseSystem, sealingKeys: { all: [hall.sealing] } },
    })
  }

  it('the service record says what the case system knows of the applicant and the case', async () => {
    await connect()
    const user = await hall.seal({ user: CITIZEN })
    await hall.give(ratingOf(CASE_NO, { anonymous: false, user }))
    reportWithCases()
    await hall.untilCounted({ reported: 1 })
    const [service] = province.services
    expect(service).toMatchObject({ projectNo: CASE_NO, userProp: '1', userPageType: '111', proStatus: '3' })
    expect(service?.certKey).toMatch(/^330099/)
    expect(service?.userName).not.toBe(profile.defaults.userName)
  })

  it('a case that is not yet accepted is told without the day of its acceptance', async () => {
    await connect()
    const cases = demoCases()
    const before: CaseSystem = {
      ...cases,
      serviceFacts: async (caseNo, serviceNumber) => {
        const found = await cases.serviceFacts(caseNo, serviceNumber)
        if (found.outcome !== 'found') return found
        const facts = { ...found.facts.reveal(), progress: 'to-be-accepted' as const, acceptedAt: null }
        return { outcome: 'found', facts: new Personal(facts) }
      },
    }
    await hall.give(ratingOf(CASE_NO))
    reporter = reporterOf(hall, 'zhejiang', profile, province, {
      sources: { caseSystem: before, sealingKeys: { all: [hall.sealing] } },
    })
    await hall.untilCounted({ reported: 1 })
    expect(province.services[0]).toMatchObject({ proStatus: '1', acceptDate: '' })
    expect((await hall.row(1)).acceptanceAssumed).toBe(0)
  })

  it('a day of acceptance that nobody has told is marked as assumed', async () => {
    await connect()
    await hall.give(ratingOf('CASE1'), ratingOf(CASE_NO))
    reportWithCases()
    await hall.untilCounted({ reported: 2 })
    expect([(await hall.row(1)).acceptanceAssumed, (await hall.row(2)).acceptanceAssumed]).toEqual([1, 0])
  })

  it('a profile may have such a one wait until the day is told', async () => {
    await connect()
    profile = { ...profile, acceptedWhenUnknown: 'held' }
    await hall.give(ratingOf('CASE1'), ratingOf(CASE_NO))
    reportWithCases()
    await hall.untilCounted({ reported: 1, waiting: 1 })
    expect((await hall.row(1)).reason).toContain('has not said when the case was accepted')
  })

  it('an anonymous rating names nobody all the same', async () => {
    await connect()
    await hall.give(ratingOf(CASE_NO))
    reportWithCases()
    await hall.untilCounted({ reported: 1 })
    expect(province.services[0]).toMatchObject({ proStatus: '3', userName: '匿名', certKey: '', mobile: '' })
  })

  it('that does not answer a rating waits a while, and is not lost', async () => {
    await connect()
    const silent: CaseSystem = {
      ...demoCases(),
      serviceFacts: async () => ({ outcome: 'unavailable', detail: 'cut' }),
    }
    const sources = { caseSystem: silent, sealingKeys: { all: [hall.sealing] } }
    await hall.give(ratingOf(CASE_NO))
    let now = Date.now()
    reporter = reporterOf(hall, 'zhejiang', profile, province, { sources, clock: () => new Date(now) })
    while (reporter.status().problem !== 'not-ready') await new Promise((resolve) => setTimeout(resolve, 5))
    expect((await hall.row(1)).reason).toBe('the case system does not answer')
    now += 11 * 60 * 1000
    await hall.untilCounted({ reported: 1 })
  })
})

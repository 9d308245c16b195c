import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProvinceProfile } from '../../../../sync/hall/province/profile-schema.ts'
import type { ProvinceReporter } from '../../../../sync/hall/province/reporter.ts'
import { Credentials } from '../../../../sync/hall/province/signing.ts'
import { DEMO_PROVINCE, demoProvinceKeys } from '../../../../sync/hall/province/simulator/demo-keys.ts'
import type { ProvinceSimulator } from '../../../../sync/hall/province/simulator/simulator.ts'
import { keptLog } from '../support/log.ts'
import {
  CITIZEN,
  PROVINCES,
  profileOf,
  provinceOf,
  RatedHall,
  ratingOf,
  ratingOfLevel,
  reporterOf,
} from './support.ts'

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

async function connect(
  name = 'zhejiang',
  delivery: Partial<ProvinceProfile['delivery']> = {},
): Promise<void> {
  profile = profileOf(name, delivery)
  province = await provinceOf(profile)
}

function report(name = 'zhejiang'): ProvinceReporter {
  reporter = reporterOf(hall, name, profile, province)
  return reporter
}

describe.each(PROVINCES)('reports to %s', (name) => {
  it('bring each rating once, its service first, exactly at its level and in its own words', async () => {
    await connect(name)
    const user = await hall.seal({ user: CITIZEN })
    const comment = await hall.seal({ text: '等了两个小时 & “还要” 再来一次' })
    const levels = [5, 4, 3, 2, 1]
    await hall.give(
      ...levels.map((level) => ratingOfLevel(`CASE${level}`, level, { anonymous: false, user })),
      ratingOf('CASE6', { level: 1, labels: [], comment, channel: 'terminal' }),
    )
    report(name)
    await hall.untilCounted({ reported: 6 })
    const kept = province.ratings
    expect(kept.map(({ caseNo, level }) => [caseNo, level]).sort()).toEqual([
      ...[1, 2, 3, 4, 5].map((level) => [`CASE${level}`, level]),
      ['CASE6', 1],
    ])
    expect(kept.find(({ caseNo }) => caseNo === 'CASE6')?.comment).toBe('等了两个小时 & “还要” 再来一次')
    expect(province.services.length).toBe(6)
    expect(JSON.stringify(province.services)).toContain(CITIZEN.name)
    expect(province.answers.get('rating service-missing')).toBeUndefined()
  })

  it('name nobody of an anonymous rating', async () => {
    await connect(name)
    await hall.give(ratingOf('CASE1'))
    report(name)
    await hall.untilCounted({ reported: 1 })
    const { userName, name: rater } = { ...province.services[0], ...province.ratings[0]?.record } as Record<
      string,
      string
    >
    expect([profile.defaults.userName, undefined]).toContain(rater)
    expect(userName).toBe(profile.defaults.userName)
  })
})

describe('a report', () => {
  it('goes out as soon as the reporter is woken', async () => {
    await connect()
    reporter = reporterOf(hall, 'zhejiang', profile, province, { timing: { pollMs: 60_000 } })
    await new Promise((resolve) => setTimeout(resolve, 50))
    await hall.give(ratingOf('CASE1'))
    reporter.wake()
    await hall.untilCounted({ reported: 1 })
    expect(reporter.status().problem).toBeNull()
  })

  it('whose answer was lost is reported when the province says that it has it', async () => {
    await connect()
    province.moods.add('lost-answer', { chance: 0.5 })
    await hall.give(...Array.from({ length: 20 }, (_, n) => ratingOf(`CASE${n}`)))
    report()
    await hall.untilCounted({ reported: 20 })
    expect(province.ratings.length).toBe(20)
    expect(province.answers.get('rating already-there')).toBeGreaterThan(0)
  })

  it('that the province has from somebody else is refused as a duplicate, and shown', async () => {
    await connect()
    const elsewhere = await RatedHall.open()
    await elsewhere.give(ratingOf('CASE1'))
    const other = reporterOf(elsewhere, 'zhejiang', profile, province)
    await elsewhere.untilCounted({ reported: 1 })
    await other.close()
    await elsewhere.close()
    await hall.give(ratingOf('CASE1'), ratingOf('CASE2'))
    report()
    await hall.untilCounted({ reported: 1, 'refused-duplicate': 1 })
    const refused = await hall.row(1)
    expect(refused).toMatchObject({ state: 'refused-duplicate', attempts: 1 })
    expect(refused.reason).toContain('已评价')
  })

  it('of a second service of a case, which the province counts as one, is a duplicate as well', async () => {
    await connect()
    await hall.give(ratingOf('CASE1'), ratingOf('CASE1', { case: { serviceNumber: 2 } }))
    report()
    await hall.untilCounted({ reported: 1, 'refused-duplicate': 1 })
    expect((await hall.row(2)).state).toBe('refused-duplicate')
  })

  it('sent again as a duplicate stays one: an old try with a known answer proves nothing', async () => {
    await connect()
    await hall.give(ratingOf('CASE1'), ratingOf('CASE1', { case: { serviceNumber: 2 } }))
    report()
    await hall.untilCounted({ 'refused-duplicate': 1 })
    expect(await hall.store.province.sendAgain(hall.key(2), Date.now())).toBe(true)
    reporter?.wake()
    await hall.untilCounted({ 'refused-duplicate': 1, waiting: 0 })
    expect((await hall.row(2)).attempts).toBe(2)
  })

  it('of a second service of a case is a duplicate even when its own first answer was lost', async () => {
    await connect()
    await hall.give(ratingOf('CASE1'), ratingOf('CASE1', { case: { serviceNumber: 2 } }))
    province.moods.add('lost-answer', { chance: 0.7 })
    report()
    await hall.untilCounted({ reported: 1, 'refused-duplicate': 1 })
    expect(province.ratings.map(({ serviceNumber }) => serviceNumber)).toEqual([1])
  })

  it('that is refused is kept with the reason, and goes when a person sends it again after mending', async () => {
    await connect()
    await hall.give(ratingOfLevel('CASE1', 5, { assessNumber: 2 }))
    report()
    await hall.untilCounted({ refused: 1 })
    expect((await hall.row(1)).reason).toContain('没有首次评价')
    await hall.give(ratingOfLevel('CASE1', 2))
    // Behind its refused follow-up nothing stands still.
    reporter?.wake()
    await hall.untilCounted({ reported: 1 })
    expect(await hall.store.province.sendAgain(hall.key(1), Date.now())).toBe(true)
    reporter?.wake()
    await hall.untilCounted({ reported: 2 })
    expect(province.ratings.map(({ assessNumber }) => assessNumber)).toEqual([1, 2])
  })

  it('of a follow-up waits until the first rating has its reason and is there', async () => {
    await connect()
    await hall.give(
      ratingOf('CASE1', { level: 1, labels: [], reasonPending: true }),
      ratingOfLevel('CASE1', 4, { assessNumber: 2 }),
      ratingOf('CASE2'),
    )
    report()
    await hall.untilCounted({ reported: 1, 'reason-pending': 1, waiting: 1 })
    expect(province.ratings.map(({ caseNo }) => caseNo)).toEqual(['CASE2'])
    await hall.store.province.completeReason(hall.key(1), { labels: ['108'], words: null }, Date.now())
    reporter?.wake()
    await hall.untilCounted({ reported: 3 })
    expect(province.ratings.slice(1).map(({ assessNumber, labels }) => [assessNumber, labels])).toEqual([
      [1, ['108']],
      [2, ['406']],
    ])
  })

  it('waits as reason-pending where a province wants a reason for more levels than the device asked; no log names it', async () => {
    await connect()
    profile = { ...profile, reasonWantedBelow: 4 }
    await hall.give(ratingOf('CASE1', { level: 3, labels: [] }))
    const log = keptLog()
    reporter = reporterOf(hall, 'zhejiang', profile, province, { logger: log.logger })
    await hall.untilCounted({ 'reason-pending': 1 })
    expect(province.answers.size).toBe(0)
    await reporter.close()
    expect(log.text()).toBe('')
  })

  it('finds the service record gone and brings it again', async () => {
    await connect()
    await hall.give(ratingOfLevel('CASE1', 1))
    report()
    await hall.untilCounted({ reported: 1 })
    province.moods.add('services-lost', { chance: 0.1 })
    await hall.give(...Array.from({ length: 20 }, (_, n) => ratingOf(`OTHER${n}`)))
    reporter?.wake()
    await hall.untilCounted({ reported: 21 })
    expect(province.answers.get('rating service-missing')).toBeGreaterThan(0)
  })

  it('tells a clock that is off from the answer, and moves no captured time by it', async () => {
    await connect()
    province.setClockOffset(3 * 60 * 60 * 1000)
    await hall.give(ratingOf('CASE1'))
    report()
    await hall.untilCounted({ reported: 1 })
    expect(province.answers.get('request clock')).toBe(1)
    expect(province.ratings[0]?.record.assessTime).toBe('2026-11-20 20:00:05')
    expect(reporter?.status().clockOffsetMs).toBeGreaterThan(2 * 60 * 60 * 1000)
  })

  it('is refused by nobody while keys are changed: they are read anew, and no rating is blamed', async () => {
    await connect()
    const settingsSecret = 'another-one'
    province.changeKeys({
      ...demoProvinceKeys(),
      credentials: new Credentials({ ...DEMO_PROVINCE, secret: settingsSecret }),
    })
    await hall.give(ratingOf('CASE1'), ratingOf('CASE2'))
    report()
    while (reporter?.status().problem !== 'unauthorised')
      await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await hall.states()).toEqual(['waiting', 'waiting'])
    writeFileSync(join(hall.dataDir, 'province.secret'), settingsSecret)
    await hall.untilCounted({ reported: 2 })
  })

  it('waits for a province that is away, and all go when it is back', async () => {
    await connect()
    await province.unplug()
    await hall.give(...Array.from({ length: 30 }, (_, n) => ratingOf(`CASE${n}`)))
    report()
    while (reporter?.status().problem !== 'no-answer') await new Promise((resolve) => setTimeout(resolve, 5))
    await province.plug()
    await hall.untilCounted({ reported: 30 })
    expect(province.ratings.length).toBe(30)
  })

  it('is cut off by closing without being lost, and the next reporter brings it', async () => {
    await connect()
    province.moods.add('half-open')
    await hall.give(ratingOf('CASE1'))
    report()
    while (reporter?.status().state !== 'reporting') await new Promise((resolve) => setTimeout(resolve, 5))
    await reporter?.close()
    province.moods.clear()
    expect((await hall.row(1)).state).toBe('waiting')
    report()
    await hall.untilCounted({ reported: 1 })
    expect(province.ratings.length).toBe(1)
  })

  it('that one poison record keeps failing holds nobody else up', async () => {
    await connect()
    await hall.give(ratingOf('CASE0', { user: 'AA..BB.CC.DD', anonymous: false }), ratingOf('CASE1'))
    report()
    await hall.untilCounted({ refused: 1, reported: 1 })
    expect((await hall.row(1)).reason).toContain('seal-malformed')
  })

  it('that the province refuses for its service record says so', async () => {
    await connect()
    const user = await hall.seal({ user: CITIZEN })
    profile = { ...profile, service: { ...profile.service, lengths: { userName: 2 } } }
    await province.close()
    province = await provinceOf(profile)
    await hall.give(ratingOf('CASE1', { anonymous: false, user }))
    report()
    await hall.untilCounted({ refused: 1 })
    expect((await hall.row(1)).reason).toBe('service record: userName长度超过2 (code 400)')
  })
})

import { describe, expect, it } from 'vitest'
import { loadProfile, ProvinceProfile, profileNames } from '../../../../sync/hall/province/profile.ts'
import { provinceRecord } from '../../../../sync/hall/province/record.ts'
import type { EventData } from '../../../../sync/protocol/events.ts'

const rating: EventData<'rating'> = {
  level: 4,
  labels: ['408', '413'],
  reasonPending: false,
  dictionary: '2019.1',
  comment: null,
  channel: 'pad',
  assessNumber: 1,
  proof: 'none',
  case: {
    caseNo: 'YX2026110007K3',
    itemCode: '11330099MB0A00010R3000101010000',
    itemName: '普通护照申领',
    handleItem: null,
    serviceName: '申请',
    serviceNumber: 1,
    ticketNo: null,
  },
  staff: { staffId: 'S012', window: '12' },
  anonymous: true,
  user: null,
  askedAt: '2026-11-21T12:14:00.000Z',
  capturedAt: '2026-11-21T20:14:05.123+08:00',
  clock: { synchronized: true, offsetMs: -12 },
}

const profile = (name: string): ProvinceProfile => {
  const found = loadProfile(name)
  if (found === null) throw new Error(`no profile ${name}`)
  return found
}

describe('province profiles', () => {
  it.each(profileNames())('%s says everything, and no two levels or fields the same way', (name) => {
    const { levels, fields } = profile(name)
    expect(new Set(Object.values(levels)).size).toBe(5)
    expect(new Set(Object.values(fields)).size).toBe(Object.keys(fields).length)
  })

  it.each(profileNames())('%s can put a whole rating into its words', (name) => {
    const { fields, constants } = profile(name)
    const words = provinceRecord(rating, null, profile(name))
    expect(words.ready && Object.keys(words.record).sort()).toEqual(
      [...Object.values(fields), ...Object.keys(constants)].sort(),
    )
  })

  it("a profile with a field that is nobody's is refused", () => {
    const wrong = { ...profile('zhejiang'), fields: { caseNumber: 'projectNo' } }
    expect(ProvinceProfile.safeParse(wrong).success).toBe(false)
  })

  it('a name that no file has is no profile', () => {
    expect(loadProfile('../profile')).toBeNull()
  })
})

describe('a rating in the words of Zhejiang', () => {
  it('has the names, codes and times of its platform', () => {
    expect(provinceRecord(rating, '很好', profile('zhejiang'))).toEqual({
      ready: true,
      record: {
        projectNo: 'YX2026110007K3',
        taskCode: '11330099MB0A00010R3000101010000',
        taskHandleItem: '',
        taskName: '普通护照申领',
        serviceName: '申请',
        serviceNumber: 1,
        assessNumber: 1,
        pf: '4',
        satisfaction: '4',
        evalDetail: '408,413',
        writingEvaluation: '很好',
        assessTime: '2026-11-21 20:14:05',
      },
    })
  })

  it('tells the capture in the time of China, wherever the instant was written', () => {
    const elsewhere = { ...rating, capturedAt: '2026-11-21T12:14:05.123Z' }
    const words = provinceRecord(elsewhere, null, profile('zhejiang'))
    expect(words.ready && words.record.assessTime).toBe('2026-11-21 20:14:05')
  })

  it.each([1, 2])('waits for the call back at level %i without a reason', (level) => {
    const bad = { ...rating, level, labels: [], reasonPending: true }
    expect(provinceRecord(bad, null, profile('zhejiang'))).toEqual({ ready: false, reason: 'reason-pending' })
  })

  it('a bad rating with words alone is ready', () => {
    const bad = { ...rating, level: 1, labels: [] }
    expect(provinceRecord(bad, '等了两个小时', profile('zhejiang')).ready).toBe(true)
  })

  it('a service without a case is not for the province', () => {
    expect(provinceRecord({ ...rating, case: null }, null, profile('zhejiang'))).toEqual({
      ready: false,
      reason: 'no-case',
    })
  })
})

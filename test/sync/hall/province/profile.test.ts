import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../../../sync/hall/province/answers.ts'
import { fromChinaTime, inChinaTime } from '../../../../sync/hall/province/china-time.ts'
import { loadProfile, parseProfile, profileNames } from '../../../../sync/hall/province/profile.ts'
import { answerMeanings } from '../../../../sync/hall/province/profile-schema.ts'
import { NOTHING_MORE, provinceRecord } from '../../../../sync/hall/province/record.ts'
import { provinceRequest } from '../../../../sync/hall/province/request.ts'
import { answerText } from '../../../../sync/hall/province/simulator/answer.ts'
import { demoProvinceKeys } from '../../../../sync/hall/province/simulator/demo-keys.ts'
import { receive } from '../../../../sync/hall/province/simulator/receive.ts'
import { levelOf } from '../../../../sync/hall/province/simulator/rules.ts'
import { fillTemplate, readTemplate } from '../../../../sync/hall/province/templates.ts'
import { profileOf, ratingOf, ratingOfLevel } from './support.ts'

const NOW = new Date('2026-11-21T04:00:00Z')
const keys = demoProvinceKeys()

const words = (comment: string | null) => ({ ...NOTHING_MORE, comment })

describe.each(profileNames())('the profile %s', (name) => {
  it('says where it was read and what is assumed', () => {
    expect(profileOf(name).source).toMatch(/assumed/i)
  })

  it('says each level by a code of its own, so that the province reads exactly what was stored', () => {
    const profile = profileOf(name)
    const field = Object.entries(profile.rating.fields).find(([, value]) => value === 'level')?.[0] ?? ''
    for (const level of [1, 2, 3, 4, 5]) {
      const said = provinceRecord(ratingOfLevel('CASE1', level), NOTHING_MORE, profile)
      expect(said.ready && levelOf(String(said.record[field]), profile.codes.level)).toBe(level)
    }
  })

  it('can put a whole rating into its words', () => {
    const { rating } = profileOf(name)
    const said = provinceRecord(ratingOf('CASE1'), NOTHING_MORE, profileOf(name))
    expect(said.ready && Object.keys(said.record).sort()).toEqual(
      [...Object.keys(rating.fields), ...Object.keys(rating.constants)].sort(),
    )
  })

  it.each(answerMeanings)('reads its answer %s as it was meant', (means) => {
    const read = readAnswer(profileOf(name), 200, answerText(profileOf(name), means, '原因'))
    expect(read).toMatchObject({ read: true, means })
  })

  it.each(['', '<html>', '{}', '[]', 'null', '{"code":{}}', '{"__proto__":{"code":"200"}}'])(
    'reads nothing into %j',
    (text) => {
      expect(readAnswer(profileOf(name), 200, text)).toEqual({ read: false })
    },
  )

  it('is understood at the other end, whatever a record holds, and by nobody with another key', () => {
    const profile = profileOf(name)
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 500 }),
        fc.integer({ min: 1, max: 5 }),
        (comment, level) => {
          const said = provinceRecord(ratingOfLevel('CASE1', level), words(comment), profile)
          if (!said.ready) throw new Error('not ready')
          const made = provinceRequest(profile, profile.rating, said.record, {
            credentials: keys.credentials,
            at: NOW,
          })
          const headers = Object.fromEntries(
            Object.entries(made.headers).map(([key, value]) => [key.toLowerCase(), value]),
          )
          const incoming = { method: 'POST', path: made.path, headers, body: made.body }
          const received = receive(incoming, { profile, keys, now: NOW, nonces: new Set() })
          expect(received).toEqual({ ok: true, kind: 'rating', record: said.record })
          const altered = {
            ...incoming,
            body: made.body.replace(/CASE1|[A-Za-z0-9]{12}/, (found) => found.slice(1)),
          }
          expect(receive(altered, { profile, keys, now: NOW, nonces: new Set() }).ok).toBe(false)
        },
      ),
      { numRuns: profile.signing.kind === 'sm2' ? 15 : 60 },
    )
  })

  it('is not taken twice with one nonce, nor outside its window of time', () => {
    const profile = profileOf(name)
    const said = provinceRecord(ratingOf('CASE1'), NOTHING_MORE, profile)
    if (!said.ready) throw new Error('not ready')
    const made = provinceRequest(profile, profile.rating, said.record, {
      credentials: keys.credentials,
      at: NOW,
    })
    const headers = Object.fromEntries(
      Object.entries(made.headers).map(([key, value]) => [key.toLowerCase(), value]),
    )
    const incoming = { method: 'POST', path: made.path, headers, body: made.body }
    const nonces = new Set<string>()
    expect(receive(incoming, { profile, keys, now: NOW, nonces }).ok).toBe(true)
    expect(receive(incoming, { profile, keys, now: NOW, nonces }).ok).toBe(nonces.size === 0)
    const late = new Date(NOW.getTime() + (profile.envelope.windowSeconds + 1) * 1000)
    expect(receive(incoming, { profile, keys, now: late, nonces: new Set() })).toMatchObject({
      means: 'clock',
    })
  })
})

describe('a profile', () => {
  const zhejiang = () =>
    structuredClone(loadProfile('zhejiang')) as unknown as Record<string, Record<string, unknown>>

  it.each([
    [
      (wrong: Record<string, unknown>) => Object.assign(wrong, { colour: 'red' }),
      'colour: nothing here is called so',
    ],
    [
      (wrong: Record<string, Record<string, unknown>>) =>
        Object.assign(wrong.rating?.fields as object, { x: 'nobody' }),
      'rating.fields.x: ',
    ],
    [
      (wrong: Record<string, Record<string, unknown>>) =>
        Object.assign(wrong.codes?.level as object, { 1: '5' }),
      'codes.level: two levels have one code',
    ],
    [
      (wrong: Record<string, Record<string, unknown>>) =>
        Object.assign(wrong.rating as object, { body: { data: 'x' } }),
      'rating.body: holds {payload} once',
    ],
    [
      (wrong: Record<string, Record<string, unknown>>) =>
        Object.assign(wrong.signing as object, { over: '{password}' }),
      'signing.over: braces hold one of ',
    ],
    [
      (wrong: Record<string, Record<string, unknown>>) =>
        Object.assign(wrong.envelope?.headers as object, { 'X-Secret': '{secret}' }),
      'envelope.headers: a secret never travels',
    ],
    [
      (wrong: Record<string, Record<string, unknown>>) =>
        Object.assign(wrong.rating as object, { required: ['who'] }),
      'rating.required.who: is no field and no constant here',
    ],
  ])('with a fault is refused with its path (%#)', (spoil, fault) => {
    const wrong = zhejiang()
    spoil(wrong as never)
    const parsed = parseProfile(wrong)
    expect(!parsed.ok && parsed.faults.some((told) => told.startsWith(fault))).toBe(true)
  })

  it('that no file has is none', () => {
    expect(loadProfile('../profile')).toBeNull()
  })

  it('may count its levels any way: reversed, from 0, by letters; none is ever another', () => {
    const codes = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(
        fc.oneof(codes, fc.constant(['5', '4', '3', '2', '1']), fc.constant(['0', '1', '2', '3', '4'])),
        (five) => {
          const level = Object.fromEntries(five.map((code, index) => [index + 1, code]))
          const base = profileOf('zhejiang')
          const profile = { ...base, codes: { ...base.codes, level: level as typeof base.codes.level } }
          for (const stored of [1, 2, 3, 4, 5]) {
            const said = provinceRecord(ratingOfLevel('CASE1', stored), NOTHING_MORE, profile)
            expect(said.ready && levelOf(String(said.record.satisfaction), profile.codes.level)).toBe(stored)
          }
        },
      ),
    )
  })
})

describe('a rating in the words of Zhejiang', () => {
  const profile = profileOf('zhejiang')

  it('has the names, codes and times of its platform', () => {
    const rating = ratingOf('YX2026110007K3', {
      level: 4,
      labels: ['408', '413'],
      capturedAt: '2026-11-21T12:14:05.123Z',
    })
    expect(provinceRecord(rating, words('很好'), profile)).toEqual({
      ready: true,
      record: {
        projectNo: 'YX2026110007K3',
        taskCode: '11330099MB0A00010R3000101010000',
        taskHandleItem: '',
        taskName: '普通护照申领',
        serviceName: '普通护照申领',
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

  it.each([1, 2])('waits for the call back at level %i without a reason, and has it afterwards', (level) => {
    const bad = ratingOf('CASE1', { level, labels: [], reasonPending: true })
    expect(provinceRecord(bad, NOTHING_MORE, profile)).toEqual({ ready: false, reason: 'reason-pending' })
    const completed = { labels: ['207'], words: '材料样本没有' }
    const said = provinceRecord(bad, { ...NOTHING_MORE, completed }, profile)
    expect(said.ready && said.record).toMatchObject({ evalDetail: '207', writingEvaluation: '材料样本没有' })
  })

  it('a bad rating with words alone is ready', () => {
    expect(
      provinceRecord(ratingOf('CASE1', { level: 1, labels: [] }), words('等了两个小时'), profile).ready,
    ).toBe(true)
  })

  it('a service without a case is not for the province', () => {
    expect(provinceRecord({ ...ratingOf('CASE1'), case: null }, NOTHING_MORE, profile)).toEqual({
      ready: false,
      reason: 'no-case',
    })
  })
})

describe('times and templates', () => {
  it.each(['yyyy-MM-dd HH:mm:ss', 'yyyyMMddHHmmss'])('%s reads back to the second', (format) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (second) => {
        const at = new Date(second * 1000)
        expect(fromChinaTime(inChinaTime(at, format), format)?.getTime()).toBe(at.getTime())
      }),
    )
  })

  it('a day that does not exist is no time', () => {
    expect(fromChinaTime('2026-02-30 10:00:00', 'yyyy-MM-dd HH:mm:ss')).toBeNull()
  })

  it('what is filled in is read back, and nothing else is', () => {
    const template = { a: ['{payload}', 'fixed'], b: { c: '{timestamp}' } }
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (payload, timestamp) => {
        expect(readTemplate(template, fillTemplate(template, { payload, timestamp }))).toEqual({
          payload,
          timestamp,
        })
      }),
    )
    expect(readTemplate(template, { a: ['x', 'other'], b: { c: 'y' } })).toBeNull()
    expect(readTemplate(template, { a: ['x', 'fixed'], b: { c: 'y' }, more: 1 })).toBeNull()
  })
})

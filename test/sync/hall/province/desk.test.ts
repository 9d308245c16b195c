import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deadlinesOf, givenAt } from '../../../../sync/hall/province/deadlines.ts'
import type { ProvinceReporter } from '../../../../sync/hall/province/reporter.ts'
import { ProvinceSettings, readCredentials } from '../../../../sync/hall/province/settings.ts'
import type { ProvinceSimulator } from '../../../../sync/hall/province/simulator/simulator.ts'
import { enrolledDevice, newFolder, startTestHall, TestChain, texts } from '../helpers.ts'
import { run } from '../support/command.ts'
import {
  CITIZEN,
  profileOf,
  provinceOf,
  RatedHall,
  ratingOf,
  ratingOfLevel,
  reporterOf,
  settingsFor,
} from './support.ts'

const calendar2026 = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../sync/hall/demo/calendar-2026.json'), 'utf8'),
)

describe('the days of a bad rating', () => {
  const saturday = new Date('2026-02-14T12:00:00+08:00')

  it('are counted one after the other in Zhejiang', () => {
    const { callBack, putRight } = deadlinesOf(profileOf('zhejiang'), saturday, saturday, [calendar2026])
    expect([callBack.due, putRight.due]).toEqual(['2026-02-15', '2026-03-01'])
    expect(callBack.overdue).toBe(false)
  })

  it('are working days elsewhere: over the Spring Festival, with its shifted Saturday', () => {
    const { callBack, putRight } = deadlinesOf(profileOf('shandong'), saturday, saturday, [calendar2026])
    expect(callBack.due).toBe('2026-02-24')
    // 24–28 February are five, the last of them a shifted Saturday; ten more end on Friday the 13th.
    expect(calendar2026.workingWeekends).toContain('2026-02-28')
    expect(putRight.due).toBe('2026-03-13')
  })

  it('are over from the day after, by the hall’s own midnight', () => {
    const due = (now: string) =>
      deadlinesOf(profileOf('zhejiang'), saturday, new Date(now), []).callBack.overdue
    expect(due('2026-02-15T23:59:59+08:00')).toBe(false)
    expect(due('2026-02-16T00:00:00+08:00')).toBe(true)
  })
})

describe('a rating is counted from', () => {
  const received = Date.parse('2026-11-21T12:00:00+08:00')
  const from = (capturedAt: string, synchronized: boolean) =>
    givenAt({ capturedAt, clock: { synchronized, offsetMs: null } }, received).toISOString()

  it.each([
    ['2026-11-20T10:00:00+08:00', true, '2026-11-20T02:00:00.000Z'],
    ['2026-11-20T10:00:00+08:00', false, '2026-11-20T02:00:00.000Z'],
    // A device that a hall had lost for long, and whose clock was right when it was given.
    ['2026-09-01T10:00:00+08:00', true, '2026-09-01T02:00:00.000Z'],
    ['1970-01-01T08:10:00+08:00', false, '2026-11-21T04:00:00.000Z'],
    ['2077-01-01T00:00:00+08:00', false, '2026-11-21T04:00:00.000Z'],
    ['2077-01-01T00:00:00+08:00', true, '2026-11-21T04:00:00.000Z'],
  ])('%s (synchronised: %s) → %s', (capturedAt, synchronized, expected) => {
    expect(from(capturedAt, synchronized)).toBe(expected)
  })
})

describe('window24 hall province', () => {
  let hall: RatedHall
  let province: ProvinceSimulator
  let reporter: ProvinceReporter

  beforeEach(async () => {
    hall = await RatedHall.open()
    province = await provinceOf(profileOf('zhejiang'))
    const settings = settingsFor('zhejiang', province.url, hall.dataDir)
    writeFileSync(join(hall.dataDir, 'hall.json'), JSON.stringify({ province: settings }), { mode: 0o600 })
    reporter = reporterOf(hall, 'zhejiang', profileOf('zhejiang'), province)
    const user = await hall.seal({ user: CITIZEN })
    await hall.give(
      ratingOf('CASE1', { anonymous: false, user }),
      ratingOf('CASE1', { case: { serviceNumber: 2 } }),
      ratingOfLevel('CASE2', 5, { assessNumber: 2 }),
      ratingOf('CASE3', {
        level: 2,
        labels: [],
        reasonPending: true,
        capturedAt: '2026-01-05T10:00:00+08:00',
      }),
    )
    reporter.wake()
    await hall.untilCounted({ reported: 1, refused: 1, 'refused-duplicate': 1, 'reason-pending': 1 })
  })

  afterEach(async () => {
    await reporter.close()
    await province.close()
    await hall.close()
  })

  it('shows what needs a person, with the reason and the days, and nobody’s name', async () => {
    const { code, out } = await run('province', '--data', hall.dataDir)
    expect(code).toBe(0)
    const name = (sequence: number) => `${hall.deviceId}/1/${sequence}`
    expect(out).toMatch(/reported +1\n/)
    expect(out).toMatch(new RegExp(`${name(2)} +CASE1 +2 +refused-duplicate +1 .*已评价`))
    expect(out).toMatch(new RegExp(`${name(3)} +CASE2 +1, follow-up +refused +1 .*没有首次评价`))
    expect(out).toMatch(
      new RegExp(
        `${name(4)} +CASE3 .*call back by 2026-01-06 \\(overdue\\), put right by 2026-01-20 \\(overdue\\)`,
      ),
    )
    expect(out).not.toContain(`${name(1)} `)
    expect(out).not.toContain(CITIZEN.name)
  })

  it('gives JSON, one state alone when asked', async () => {
    const { out } = await run('province', '--data', hall.dataDir, '--state', 'reported', '--json')
    const lines = out.trim().split('\n')
    expect(lines.length).toBe(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      rating: `${hall.deviceId}/1/1`,
      state: 'reported',
      attempts: 1,
      reason: null,
      deadlines: null,
    })
  })

  it('counts what waits by itself, and lists it when asked, with what it waits for', async () => {
    const follow = ratingOfLevel('CASE3', 4, { assessNumber: 2 })
    await hall.give(follow)
    reporter.wake()
    const all = await run('province', '--data', hall.dataDir)
    expect(all.out).toMatch(/waiting +1\n/)
    expect(all.out).not.toContain(`${hall.deviceId}/1/5`)
    // The server has to have seen it once.
    for (;;) {
      const { out } = await run('province', '--data', hall.dataDir, '--state', 'waiting')
      if (out.includes(`waits behind ${hall.deviceId}/1/4, which is reason-pending`)) break
    }
  })

  it('says what one that is sent again still waits for', async () => {
    const retry = async (sequence: number) =>
      await run('province', 'retry', `${hall.deviceId}/1/${sequence}`, '--data', hall.dataDir)
    await reporter.close()
    expect((await retry(2)).out).toBe('it is sent as soon as the server runs and the province answers\n')
    expect((await hall.row(2)).reason).toBeNull()
    await hall.give(ratingOf('CASE2', { level: 1, labels: [], reasonPending: true }))
    expect((await retry(3)).out).toBe(
      `it is sent once ${hall.deviceId}/1/5 of the same case, which is reason-pending, has been settled\n`,
    )
    rmSync(join(hall.dataDir, 'hall.json'))
    await hall.give(ratingOf('CASE4', { level: 1, labels: [], reasonPending: true }))
    const reason = ['province', 'reason', `${hall.deviceId}/1/6`, '--labels', '108']
    expect((await run(...reason, '--data', hall.dataDir)).out).toContain('no province is set')
  })

  it('takes the reason of the call back, of that level alone, and the rating goes', async () => {
    const reason = async (...more: string[]) =>
      await run('province', 'reason', `${hall.deviceId}/1/4`, '--data', hall.dataDir, ...more)
    const wrong = await reason('--labels', '108')
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('214 服务态度生硬')])
    expect((await reason()).err).toContain('give labels, words, or both')
    const words = join(hall.dataDir, 'words.txt')
    writeFileSync(words, '没有样本，跑了两趟\n')
    expect((await reason('--labels', '207,214', '--words-from', words)).code).toBe(0)
    reporter.wake()
    await hall.untilCounted({ reported: 2 })
    expect(province.ratings.at(-1)).toMatchObject({
      level: 2,
      labels: ['207', '214'],
      comment: '没有样本，跑了两趟',
    })
    expect((await reason('--labels', '207')).err).toContain('is reported')
  })

  it('sends a refused one again, and nothing else', async () => {
    const retry = async (sequence: number) =>
      await run('province', 'retry', `${hall.deviceId}/1/${sequence}`, '--data', hall.dataDir)
    await hall.give(ratingOfLevel('CASE2', 1))
    reporter.wake()
    await hall.untilCounted({ reported: 2 })
    expect((await retry(3)).code).toBe(0)
    reporter.wake()
    await hall.untilCounted({ reported: 3 })
    expect([(await retry(1)).code, (await retry(1)).err]).toEqual([1, expect.stringContaining('is reported')])
    expect((await retry(99)).err).toContain('no rating of a case')
  })

  it.each([
    ['province', 'retry'],
    ['province', 'retry', 'T-1/0/1'],
    ['province', 'mend', 'T-1/1/1'],
    ['province', '--state', 'lost'],
    ['province', '--labels', '207'],
    ['province', 'retry', 'T-1/1/1', '--json'],
  ])('used wrongly says how it is used (%#)', async (...words) => {
    const { code, err } = await run(...words, '--data', hall.dataDir)
    expect(code).toBe(2)
    expect(err).toContain('window24 hall province')
  })
})

describe('the section of hall.json', () => {
  const whole = { profile: 'zhejiang', url: 'https://province.example/hcp', appKey: 'k', secret: 's' }

  it.each([
    [{ url: 'http://province.example' }, 'url'],
    [{ url: 'https://a:b@province.example' }, 'url'],
    [{ url: 'https://province.example?x=1' }, 'url'],
    [{ profile: 'atlantis' }, 'profile'],
    [{ secretFile: 'x' }, 'secretFile'],
    [{ colour: 'red' }, ''],
  ])('is refused with its path (%#)', (changes, path) => {
    const parsed = ProvinceSettings.safeParse({ ...whole, ...changes })
    expect(!parsed.success && parsed.error.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })

  it.each([
    'https://province.example',
    'http://127.0.0.1:8030',
    'http://localhost:8030',
    'http://[::1]:8030',
  ])('takes %s', (url) => {
    expect(ProvinceSettings.safeParse({ ...whole, url }).success).toBe(true)
  })

  it.each([
    ['zhejiang', { secret: undefined }, 'secretFile'],
    ['zhejiang', { appKey: undefined }, 'appKey'],
    ['zhejiang', { secret: undefined, secretFile: 'missing' }, 'secretFile'],
    ['guangdong', {}, 'privateKeyFile'],
    ['shandong', {}, 'encryptionKeyFile'],
  ])('that lacks what %s needs is refused at the start (%#)', (name, changes, path) => {
    const settings = { ...whole, profile: name, ...changes } as ProvinceSettings
    const folder = newFolder()
    expect(() => readCredentials(settings, profileOf(name), folder)).toThrow(`province.${path}`)
    rmSync(folder, { recursive: true })
  })
})

describe('a hall with a province in its hall.json', () => {
  it('reports a rating as soon as a device has sent it, and tells the device nothing of it', async () => {
    const province = await provinceOf(profileOf('guangdong'))
    const dataDir = newFolder()
    const settings = settingsFor('guangdong', province.url, dataDir)
    writeFileSync(join(dataDir, 'hall.json'), JSON.stringify({ province: settings }), { mode: 0o600 })
    const hall = await startTestHall({ dataDir })
    try {
      const device = await enrolledDevice(hall)
      const chain = new TestChain(device.deviceId)
      const made = [chain.next('rating', ratingOfLevel('CASE1', 3)), chain.next('rating', ratingOf('CASE2'))]
      const answer = await device.sendBatch(texts(made))
      expect(answer.json).toMatchObject({ stored: 2, rejected: [] })
      while (province.ratings.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
      expect(province.ratings.map(({ caseNo, level }) => [caseNo, level]).sort()).toEqual([
        ['CASE1', 3],
        ['CASE2', 5],
      ])
      await device.sendBatch(texts(made))
      expect(province.ratings.length).toBe(2)
    } finally {
      await hall.close()
      await province.close()
    }
  })
})

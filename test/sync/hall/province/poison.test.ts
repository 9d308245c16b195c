import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProvinceReporter, ReporterOptions } from '../../../../sync/hall/province/reporter.ts'
import { profileOf, QUICK, RatedHall, ratingOf, ratingOfLevel, reporterOf, settingsFor } from './support.ts'

/** What a province answers that no simulated one would: a status, a body, or nothing at all. */
type Answer = readonly [status: number, body: string] | 'cut'

let hall: RatedHall
let server: Server
let url: string
let answerTo: (kind: 'service' | 'rating', body: string, tries: number) => Answer | Promise<Answer>
let reporter: ProvinceReporter | null
let asked: { service: number; rating: number }

beforeEach(async () => {
  hall = await RatedHall.open()
  asked = { service: 0, rating: 0 }
  reporter = null
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const kind = /service|affair/.test(request.url ?? '') ? 'service' : 'rating'
    asked[kind] += 1
    const answer = await answerTo(kind, body, asked[kind])
    if (answer === 'cut') response.destroy()
    else response.writeHead(answer[0], { 'content-type': 'application/json' }).end(answer[1])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  await reporter?.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await hall.close()
})

function report(name: string, changes: Partial<ReporterOptions> = {}): ProvinceReporter {
  reporter = reporterOf(hall, name, profileOf(name, { atOnce: 4 }), { url }, changes)
  return reporter
}

const TAKEN: Answer = [200, '{"code":200,"message":"ok"}']
const BLOCKED: Answer = [405, '<html>blocked</html>']

describe('records that a firewall before the province never lets through', () => {
  it('hold up nobody, however many they are and however old', async () => {
    const poison = Array.from({ length: 6 }, (_, n) => ratingOfLevel(`POISON${n}`, 1))
    answerTo = (kind, body) => (kind === 'rating' && body.includes('POISON') ? BLOCKED : TAKEN)
    await hall.give(...poison)
    // The circuit stays open for long, and they are due again at once.
    report('zhejiang', { timing: { ...QUICK, pauseMaxMs: 50, retryMaxMs: 1 } })
    while (asked.rating < 20) await new Promise((resolve) => setTimeout(resolve, 5))
    await hall.give(...Array.from({ length: 10 }, (_, n) => ratingOf(`GOOD${n}`)))
    reporter?.wake()
    await hall.untilCounted({ reported: 10, waiting: 6 })
  })

  it('a few of which fail again and again do not open the circuit', async () => {
    answerTo = (kind, body) => (kind === 'rating' && body.includes('POISON') ? BLOCKED : TAKEN)
    await hall.give(...Array.from({ length: 4 }, (_, n) => ratingOfLevel(`POISON${n}`, 1)))
    const started = report('zhejiang', { timing: { ...QUICK, pauseFirstMs: 60_000, retryMaxMs: 1 } })
    // Service records are taken: a fifth failing row would be needed.
    while (asked.rating < 20) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(started.status().state).not.toBe('paused')
  })
})

describe('a fault of the hall itself', () => {
  it('opens no circuit: the province has no part in it', async () => {
    answerTo = () => TAKEN
    await hall.give(...Array.from({ length: 8 }, (_, n) => ratingOf(`CASE${n}`)))
    const queue = hall.store.province
    let faults = 0
    const ratingText: typeof queue.ratingText = async (key) => {
      if (key.sequence === 8) return await queue.ratingText(key)
      faults += 1
      throw new Error('this page of the file cannot be read')
    }
    const started = report('zhejiang', {
      store: { province: { ...queue, ratingText } },
      timing: { ...QUICK, pauseFirstMs: 60_000, retryMaxMs: 200 },
    })
    while (faults < 16) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(started.status().state).not.toBe('paused')
    await hall.untilCounted({ reported: 1 })
  })
})

describe('an answer that stands behind a wrong status', () => {
  it.each([
    [302, '{"code":200,"message":"redirect to login"}'],
    [403, '{"code":200,"message":"forbidden"}'],
    [404, '{"code":409,"message":"page not found"}'],
  ])('%i is no yes', async (...answer) => {
    answerTo = () => answer
    await hall.give(ratingOf('CASE1'))
    report('zhejiang')
    while (asked.service < 3) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await hall.states()).toEqual(['waiting'])
    expect(asked.rating).toBe(0)
  })
})

describe('a rating whose first answer was lost', () => {
  it('is ours still when what was said next was a refusal', async () => {
    const refused: Answer = [200, '{"code":400,"message":"格式错误"}']
    const there: Answer = [200, '{"code":409,"message":"已评价"}']
    answerTo = (kind, _, tries) =>
      kind === 'service' ? TAKEN : ((['cut', refused] as const)[tries - 1] ?? there)
    await hall.give(ratingOf('CASE1'))
    report('zhejiang')
    await hall.untilCounted({ refused: 1 })
    expect((await hall.row(1)).firstTriedAt).not.toBeNull()
    await hall.store.province.sendAgain(hall.key(1), Date.now())
    expect((await hall.row(1)).reason).toBeNull()
    reporter?.wake()
    await hall.untilCounted({ reported: 1 })
    expect((await hall.row(1)).firstTriedAt).toBeNull()
  })

  it('is not settled by words that nobody knows', async () => {
    const unknown: Answer = [200, '{"code":"1","msg":"系统异常，请稍后重试"}']
    const there: Answer = [200, '{"code":"1","msg":"该办件已评价"}']
    const ok: Answer = [200, '{"code":"0","msg":"ok"}']
    answerTo = (kind, _, tries) => (kind === 'service' ? ok : tries < 4 ? unknown : there)
    await hall.give(ratingOf('CASE1'))
    report('guangdong')
    await hall.untilCounted({ reported: 1 })
  })

  it('refused at the very first try it is nobody’s: a second one there is not ours', async () => {
    const refused: Answer = [200, '{"code":400,"message":"格式错误"}']
    const there: Answer = [200, '{"code":409,"message":"已评价"}']
    answerTo = (kind, _, tries) => (kind === 'service' ? TAKEN : tries === 1 ? refused : there)
    await hall.give(ratingOf('CASE1'))
    report('zhejiang')
    await hall.untilCounted({ refused: 1 })
    await hall.store.province.sendAgain(hall.key(1), Date.now())
    reporter?.wake()
    await hall.untilCounted({ 'refused-duplicate': 1 })
  })
})

describe('several servers of one hall', () => {
  it('keep to their share of the province’s rate', async () => {
    answerTo = () => TAKEN
    await hall.give(ratingOf('CASE1'), ratingOf('CASE2'), ratingOf('CASE3'))
    const profile = profileOf('zhejiang', { perSecond: 100 })
    const settings = { ...settingsFor('zhejiang', url, hall.dataDir), instances: 10 }
    const began = performance.now()
    report('zhejiang', { profile, settings })
    await hall.untilCounted({ reported: 3 })
    // Six requests at ten a second: five waits of 100 ms. Alone they would be ten times as fast.
    expect(performance.now() - began).toBeGreaterThan(400)
  })
})

describe('a clock that is put forward while a request is under way', () => {
  it('makes nobody send a rating twice, and its own rating no duplicate', async () => {
    let aheadMs = 0
    let underWay = 0
    let most = 0
    let kept = false
    answerTo = async (kind) => {
      // Beyond every lease, and everybody looks for work.
      aheadMs += 20 * 60_000
      reporter?.wake()
      underWay += 1
      most = Math.max(most, underWay)
      await new Promise((resolve) => setTimeout(resolve, 100))
      underWay -= 1
      if (kind === 'service') return TAKEN
      if (kept) return [200, '{"code":409,"message":"已评价"}']
      kept = true
      return TAKEN
    }
    await hall.give(ratingOf('CASE1'))
    report('zhejiang', { clock: () => new Date(Date.now() + aheadMs) })
    await hall.untilCounted({ waiting: 0 })
    expect(await hall.row(1)).toMatchObject({ state: 'reported', attempts: 1 })
    expect([most, asked]).toEqual([1, { service: 1, rating: 1 }])
  })

  it('a second instance that takes a lease over is the only one that may go on', async () => {
    const queue = hall.store.province
    await hall.give(ratingOf('CASE1'))
    const first = { by: 'claim-1', at: 1_000_000, leaseMs: 1_000 }
    const second = { by: 'claim-2', at: 2_000_000, leaseMs: 1_000 }
    const at = Date.now()
    const claim = async (by: typeof first) => await queue.claim({ ...by, at: at + by.at }, 1)
    const [row] = await claim(first)
    expect((await claim(second)).length).toBe(1)
    if (row === undefined) throw new Error('nothing was given')
    expect(await queue.beginAttempt(row, { ...first, at: at + first.at }, null)).toBe(false)
    expect(await queue.beginAttempt(row, { ...second, at: at + second.at }, null)).toBe(true)
  })
})

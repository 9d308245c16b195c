import type { RequestListener } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CaseSystem } from '../../../../sync/hall/case-system/case-system.ts'
import { httpCaseSystem } from '../../../../sync/hall/case-system/http.ts'
import { BREAKER, breaker } from '../../../../sync/hall/outside/breaker.ts'
import { httpProofIssuer } from '../../../../sync/hall/proofs/http.ts'
import { proofIssuers } from '../../../../sync/hall/proofs/issuers.ts'
import { httpQueueSystem } from '../../../../sync/hall/queue/http.ts'
import { watchQueue } from '../../../../sync/hall/queue/watch.ts'
import { Personal } from '../../../../sync/protocol/personal.ts'
import type { QueueCall } from '../../../../sync/protocol/queue.ts'
import { type KeptLog, keptLog } from '../support/log.ts'
import { json, listening } from './behind.ts'
import { A_CASE } from './one-case.ts'

const TOKEN = 'a-token-of-this-hall'
const PERSON = { name: '张小雨', idType: '111', idNumber: '330099199104160260' }

let log: KeptLog
let ending: (() => unknown)[]
beforeEach(() => {
  log = keptLog()
  ending = []
})
afterEach(async () => {
  for (const end of ending.reverse()) await end()
})

async function settingsOf(listener: RequestListener): Promise<{ url: string; token: string }> {
  const { url, close } = await listening(listener)
  ending.push(close)
  return { url, token: TOKEN }
}

async function caseSystem(listener: RequestListener, timeoutMs = 5_000): Promise<CaseSystem> {
  const settings = await settingsOf(listener)
  const clock = (): Date => new Date()
  const system = httpCaseSystem({ settings, calendars: () => [], clock, logger: log.logger, timeoutMs })
  ending.push(() => system.close())
  return system
}

const numbers = async (system: CaseSystem, caseNo?: string): Promise<string[] | string> => {
  const asked = caseNo === undefined ? system.searchByPerson(PERSON) : system.searchByReceipt(caseNo)
  const found = await asked
  return found.outcome === 'found' ? found.cases.map((one) => one.caseNo) : found.detail
}

const FORM = {
  title: '收件凭证',
  documentNumber: null,
  caseNo: 'YX2',
  itemName: '事项',
  applicantMasked: '张*',
  phoneMasked: '139****0000',
  office: '某局',
  statements: [],
  materials: [],
  legalBasis: [],
  issuedAt: '2026-11-20T10:00:00+08:00',
  issuedBy: '某局',
  questionPhone: '0000',
  objection: null,
}
const PAPER = { reference: 'r', kind: 'receipt', title: '收件凭证', pages: 1 }

describe('a record that breaks the contract', () => {
  test.each<[string, object, string]>([
    ['a whole name', { applicantMasked: '张小雨' }, 'cases.1.applicantMasked'],
    ['a whole name with a star behind it', { applicantMasked: '张小雨*' }, 'cases.1.applicantMasked'],
    ['two characters that are no surname', { applicantMasked: '张小*' }, 'cases.1.applicantMasked'],
    [
      'a paper with a whole name',
      { documents: [{ ...PAPER, form: { ...FORM, applicantMasked: '张小雨' } }] },
      'cases.1.documents.0.form.applicantMasked',
    ],
    [
      'a paper with a whole phone number',
      { documents: [{ ...PAPER, form: { ...FORM, phoneMasked: '13900000000' } }] },
      'cases.1.documents.0.form.phoneMasked',
    ],
    ['a state that nobody knows', { state: 'lost' }, 'cases.1.state'],
  ])('is left out and told by its place alone: %s', async (_name, odd, path) => {
    const cases = [A_CASE, { ...A_CASE, caseNo: 'YX2', ...odd }, { ...A_CASE, caseNo: 'YX3' }]
    const system = await caseSystem(json(200, { cases }))
    expect(await numbers(system)).toEqual(['YX1', 'YX3'])
    expect(log.text()).toContain(path)
    for (const secret of ['张小', '13900000000']) expect(log.text()).not.toContain(secret)
  })

  test('is none where it is masked as it should be', async () => {
    const form = { ...FORM, applicantMasked: '欧阳*', phoneMasked: '139***0000' }
    const one = { ...A_CASE, applicantMasked: '欧阳*', documents: [{ ...PAPER, form }] }
    expect(await numbers(await caseSystem(json(200, { cases: [one] })))).toEqual(['YX1'])
  })

  test.each<[string, RequestListener]>([
    ['an odd case', json(200, { cases: [{ ...A_CASE, state: 'lost' }] })],
    ['another shape', json(200, { found: [] })],
    ['an error of its own', json(500, {})],
    ['a refusal that nobody agreed on', json(409, { no: 'words' })],
  ])('asked for again and again closes nothing for others: %s', async (_name, odd) => {
    const system = await caseSystem(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      if (body.includes('ODD')) odd(request, response)
      else json(200, { cases: [A_CASE] })(request, response)
    })
    for (let scans = 0; scans < 8; scans += 1) await numbers(system, 'ODD1')
    expect(await numbers(system, 'YX1')).toEqual(['YX1'])
  })

  test('stops no other call of the queue', async () => {
    const call = (number: string): QueueCall => {
      const at = '2026-11-20T10:00:00+08:00'
      return { what: 'called', number, businessType: 'A', window: '01', to: null, at }
    }
    const settings = await settingsOf(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const told: Record<string, object> = {
        '': { cursor: 'c0', calls: [] },
        c0: { cursor: 'c1', calls: [call('A001'), { ...call('A 2'), what: 'sung' }, call('A003')] },
        c1: { cursor: 'c2', calls: [call('A004')] },
      }
      const cursor = body === '' ? '' : (JSON.parse(body) as { cursor: string }).cursor
      json(200, told[cursor] ?? { cursor, calls: [] })(request, response)
    })
    const queue = httpQueueSystem({ settings, logger: log.logger })
    const told: string[] = []
    const watch = watchQueue(
      queue,
      ({ calls }) => told.push(...calls.map(({ number }) => number)),
      log.logger,
      5,
    )
    ending.push(
      () => queue.close(),
      () => watch.close(),
    )
    await expect.poll(() => told).toEqual(['A001', 'A003', 'A004'])
  })
})

test('cases that were not asked for are not shown for a receipt', async () => {
  const cases = ['YX1', 'YX777', 'yx1'].map((caseNo) => ({ ...A_CASE, caseNo }))
  const system = await caseSystem(json(200, { cases }))
  expect(await numbers(system, 'YX777')).toEqual(['YX777'])
  // Whether capitals matter is the case system's to know.
  expect(await numbers(system, 'YX1')).toEqual(['YX1', 'yx1'])
  expect(await numbers(system, 'YX778')).toEqual([])
})

describe('whether it may have acted is known', () => {
  const collect = (system: CaseSystem) => system.collect('YX1', { kind: 'receipt' }, 'errand-1')
  const surelyNot = { outcome: 'unavailable', notAsked: true }

  test.each<[string, RequestListener]>([
    ['it says nothing', (request) => void request.resume()],
    ['it hangs up', (request) => void request.once('data', () => request.socket.destroy())],
    ['it answers 500', json(500, {})],
    ['a gateway gives up', json(504, {})],
    ['it breaks the contract', json(201, { done: true })],
  ])('to be unknown when %s', async (_name, listener) => {
    const answer = await collect(await caseSystem(listener, 300))
    expect(answer.outcome).toBe('unavailable')
    expect(answer).not.toHaveProperty('notAsked')
  })

  test('to be unknown when a kept connection breaks and there is no other', async () => {
    let stop: () => Promise<void> = async () => {}
    let asked = 0
    const server = await listening((request, response) => {
      asked += 1
      if (asked === 1) json(200, { cases: [] })(request, response)
      else
        request.resume().on('end', () => {
          void stop()
          request.socket.resetAndDestroy()
        })
    })
    stop = server.close
    const settings = { url: server.url, token: TOKEN }
    const clock = (): Date => new Date()
    const system = httpCaseSystem({ settings, calendars: () => [], clock, logger: log.logger })
    ending.push(() => system.close())
    await numbers(system)
    const answer = await collect(system)
    expect(asked).toBe(2)
    expect(answer).toMatchObject({ outcome: 'unavailable', detail: 'cannot be reached (ECONNREFUSED)' })
    expect(answer).not.toHaveProperty('notAsked')
  })

  test.each([401, 403, 404, 302])('to be no when it answers %i', async (status) => {
    expect(await collect(await caseSystem(json(status, {})))).toMatchObject(surelyNot)
  })

  test('to be no when nobody is there, and when it is not asked for a while', async () => {
    const { url, close } = await listening(json(200, {}))
    await close()
    const settings = { url, token: TOKEN }
    const clock = (): Date => new Date()
    const system = httpCaseSystem({ settings, calendars: () => [], clock, logger: log.logger })
    ending.push(() => system.close())
    for (let tries = 0; tries < 6; tries += 1) expect(await collect(system)).toMatchObject(surelyNot)
    expect(await collect(system)).toMatchObject({ detail: expect.stringContaining('not asked') })
  })
})

describe('the circuit', () => {
  test('opens at exactly half', async () => {
    const circuit = breaker('any', BREAKER, log.logger)
    ending.push(() => circuit.close())
    const fail = async (): Promise<never> => {
      throw new Error('no')
    }
    for (let pairs = 0; pairs < 3; pairs += 1) {
      expect(await circuit.run(async () => 'yes')).toBe('yes')
      await expect(circuit.run(fail)).rejects.toThrow('no')
    }
    expect(await circuit.run(async () => 'yes')).toBeNull()
  })

  test('of the papers is none of the searches’', async () => {
    const system = await caseSystem((request, response) => {
      if (request.url === '/documents') request.socket.destroy()
      else json(200, { cases: [A_CASE] })(request, response)
    })
    for (let tries = 0; tries < 6; tries += 1) await system.document('any')
    expect(await system.document('any')).toMatchObject({ detail: expect.stringContaining('not asked') })
    expect(await numbers(system)).toEqual(['YX1'])
  })
})

describe('of several issuers', () => {
  const person = new Personal(PERSON)

  /** `kinds`: null says nothing for as long as anybody waits. */
  async function issuers(of: Record<string, { kinds: string[] | null; makes?: boolean }>) {
    const asked: string[] = []
    const named = await Promise.all(
      Object.keys(of).map(async (name) => {
        const settings = await settingsOf((request, response) => {
          const issuer = of[name] ?? { kinds: [] }
          if (request.url === '/kinds' && issuer.kinds === null) return
          if (request.url === '/kinds') return void json(200, { kinds: issuer.kinds })(request, response)
          asked.push(name)
          const proof = { reference: 'r', title: '证明', pages: 1, verificationCode: 'ABCD' }
          json(issuer.makes === false ? 500 : 201, proof)(request, response)
        })
        return [name, httpProofIssuer({ name, settings, logger: log.logger, timeoutMs: 60_000 })] as const
      }),
    )
    let now = new Date('2026-11-20T10:00:00+08:00').getTime()
    const all = proofIssuers(new Map(named), () => new Date(now))
    ending.push(() => all.close())
    const later = (ms: number): void => {
      now += ms
    }
    return { all, asked, of, later }
  }

  test('a silent one keeps nobody waiting, not even the first', async () => {
    const { all } = await issuers({ fund: { kinds: null }, tax: { kinds: ['tax-record'] } })
    // Its deadline is a minute here: longer than this test may take.
    expect(await all.make('tax-record', person, 'errand-1')).toMatchObject({ outcome: 'made' })
  })

  test('the known one is asked, also when its list is old and it no longer tells one', async () => {
    const { all, of, later } = await issuers({ tax: { kinds: ['tax-record'] } })
    expect((await all.make('tax-record', person, 'errand-1')).outcome).toBe('made')
    later(60 * 60 * 1000)
    of.tax = { kinds: null }
    expect((await all.make('tax-record', person, 'errand-2')).outcome).toBe('made')
  })

  test('an errand stays with whoever was asked first', async () => {
    const { all, asked, of, later } = await issuers({
      tax: { kinds: ['tax-record'], makes: false },
      bureau: { kinds: [] },
    })
    expect((await all.make('tax-record', person, 'errand-1')).outcome).toBe('unavailable')
    of.tax = { kinds: [], makes: false }
    of.bureau = { kinds: ['tax-record'] }
    later(60 * 60 * 1000)
    expect(await all.kinds()).toEqual({ outcome: 'found', kinds: ['tax-record'] })
    expect((await all.make('tax-record', person, 'errand-1')).outcome).toBe('unavailable')
    expect((await all.make('tax-record', person, 'errand-2')).outcome).toBe('made')
    expect(asked).toEqual(['tax', 'tax', 'bureau'])
  })
})

/** Ratings asked for through the hall (PROTOCOLS.md §1.5): a system with its token, a hall over HTTP, a pad on its line. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadSealingKeys } from '../../../sync/hall/sealing-keys.ts'
import { statusPath } from '../../../sync/protocol/devices.ts'
import { seal, unseal } from '../../../sync/protocol/sealing.ts'
import { enrolledDevice, startTestHall, TestDevice, type TestHall } from './helpers.ts'
import { run } from './support/command.ts'
import {
  type AskingSystem,
  newToken,
  type PadLine,
  padLine,
  SERVICE,
  systemAt,
  takenQuestion,
} from './support/evaluations.ts'
import { type KeptLog, keptLog } from './support/log.ts'

const PERSON = { type: '1', name: '林晚舟', idType: '111', idNumber: '330099198803120028', phone: null }
const MINUTE_MS = 60_000
/** A pad of these tests takes what it is asked, however long this machine stands still in between. */
const PATIENT_MS = MINUTE_MS
/** Long over when the pad comes for its question. */
const HASTY_MS = 50

let hall: TestHall
let log: KeptLog
let pad: TestDevice
let system: AskingSystem
beforeEach(async () => {
  log = keptLog()
  hall = await startTestHall({ logger: log.logger, takenWithinMs: PATIENT_MS })
  pad = await enrolledDevice(hall)
  system = systemAt(hall, await newToken(hall.dataDir))
})
afterEach(async () => await hall.close())

const another = { ...SERVICE, caseNo: 'YX2026110008K4' }
const rows = (): string => {
  const db = new Database(join(hall.dataDir, 'hall.sqlite'), { readonly: true })
  const text = JSON.stringify(db.prepare('SELECT * FROM evaluations').all())
  db.close()
  return text
}

describe('a question through the hall', () => {
  let line: PadLine
  beforeEach(async () => {
    line = await padLine(hall, pad)
  })

  test('is taken by the pad of the window, and its end is told without a hint at the answer', async () => {
    const asked = system.ask({ ...SERVICE, staffId: 'S012', ticketNo: 'A018' })
    const { event, id, question } = await line.next()
    expect(event).toBe('evaluation')
    expect(question).toEqual({
      ...{ caseNo: SERVICE.caseNo, itemCode: SERVICE.itemCode, itemName: SERVICE.itemName },
      ...{ serviceNumber: 1, assessNumber: 1, ticketNo: 'A018', staffId: 'S012', user: null, replace: false },
    })
    await line.answer(id, 'waiting')
    const answer = await asked
    expect(answer.status).toBe(201)
    expect(Object.keys(answer.json).sort()).toEqual(['expiresAt', 'id', 'state'])
    const waitsMs = Date.parse(String(answer.json.expiresAt)) - Date.now()
    expect(waitsMs).toBeLessThanOrEqual(MINUTE_MS)
    expect((await system.get(id)).json).toEqual({ id, state: 'waiting' })
    expect((await line.answer(id, 'rated')).json).toEqual({ id, state: 'rated' })
    expect((await system.get(id)).json).toEqual({ id, state: 'rated' })
  })

  test.each(['busy', 'already-rated', 'paused'] as const)(
    'is refused as the pad refuses it: %s',
    async (code) => {
      const asked = system.ask(SERVICE)
      const { id } = await line.next()
      expect((await line.answer(id, code)).json).toEqual({ id, state: 'cancelled' })
      const answer = await asked
      expect([answer.status, answer.json.code]).toEqual([409, code])
      // What was refused stands in nobody's way.
      expect(await takenQuestion(system, line)).not.toBe(id)
    },
  )

  test('asked for twice at once is one question, and again while it is open has the same id', async () => {
    const asked = [system.ask(SERVICE), system.ask(SERVICE), system.ask({ ...SERVICE, serviceNumber: 1 })]
    const { id } = await line.next()
    await line.answer(id, 'waiting')
    const answers = await Promise.all(asked)
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201])
    expect(new Set(answers.map(({ json }) => json.id))).toEqual(new Set([id]))
    const again = await system.ask(SERVICE)
    expect([again.status, again.json.id]).toEqual([200, id])
    const other = system.ask({ ...SERVICE, serviceNumber: 2 })
    const next = (await line.next()).id
    expect(next).not.toBe(id)
    await line.answer(next, 'waiting')
    expect((await other).json.id).toBe(next)
  })

  test('is known to those who asked for it and to nobody else', async () => {
    const stranger = systemAt(hall, await newToken(hall.dataDir, 'another system'))
    const id = await takenQuestion(system, line)
    for (const refused of [await stranger.get(id), await stranger.cancel(id), await system.get(randomUUID())])
      expect([refused.status, refused.json.code]).toEqual([404, 'not-found'])
    expect((await system.get('1 OR 1=1')).status).toBe(404)
    const same = await stranger.ask(SERVICE)
    expect([same.status, same.json.id]).toEqual([200, id])
    expect((await stranger.get(id)).json).toEqual({ id, state: 'waiting' })
  })

  test('that is taken back is told to the pad, and ends when the pad says so', async () => {
    const id = await takenQuestion(system, line)
    const cancelled = await system.cancel(id)
    expect([cancelled.status, cancelled.text]).toEqual([204, ''])
    expect(await line.next()).toEqual({ event: 'evaluation-cancelled', id })
    // The citizen had touched it already: what was said counts.
    expect((await system.get(id)).json.state).toBe('waiting')
    await line.answer(id, 'rated')
    expect((await system.get(id)).json.state).toBe('rated')
    expect((await system.cancel(id)).status).toBe(204)
    expect((await line.answer(id, 'cancelled')).json.state).toBe('rated')
  })

  test('is of one pad: another device can say nothing of it', async () => {
    const id = await takenQuestion(system, line)
    const other = await enrolledDevice(hall)
    const itself = { method: 'PUT', path: `/v1/devices/${other.deviceId}/evaluations/${id}` }
    expect((await other.ask({ ...itself, body: { state: 'rated' } })).status).toBe(404)
    const asTheOther = { method: 'PUT', path: `/v1/devices/${pad.deviceId}/evaluations/${id}` }
    expect((await other.ask({ ...asTheOther, body: { state: 'rated' } })).status).toBe(403)
    expect((await line.answer('not-an-id', 'rated')).status).toBe(404)
    expect((await pad.ask({ ...asTheOther, body: { state: 'very-satisfied' } })).json.code).toBe(
      'body-invalid',
    )
    expect((await pad.ask({ ...asTheOther, body: { state: 'rated', level: 5 } })).json.code).toBe(
      'body-invalid',
    )
    expect((await system.get(id)).json.state).toBe('waiting')
  })

  test('names nobody in the open: on the line, in the store, in the log, and after its end not even sealed', async () => {
    const id = await takenQuestion(system, line, { ...SERVICE, user: PERSON })
    const again = await padLine(hall, pad)
    const { question } = await again.next()
    const keys = loadSealingKeys(join(hall.dataDir, 'sealing-keys.json'), false, new Date())
    const expected = { purpose: 'rating', device: pad.deviceId } as const
    const opened = await unseal(String(question?.user), keys.all, expected)
    expect(opened.ok && opened.unsealed.reveal().user).toEqual(PERSON)
    expect(rows()).toContain(SERVICE.caseNo)
    await line.answer(id, 'declined')
    expect(rows()).toContain('declined')
    for (const text of [rows(), log.text()])
      for (const secret of [SERVICE.caseNo, PERSON.name, PERSON.idNumber, String(question?.user)])
        expect(text).not.toContain(secret)
    const files = ['hall.sqlite', 'hall.sqlite-wal'].map((name) => readFileSync(join(hall.dataDir, name)))
    for (const bytes of files)
      for (const name of [PERSON.name, PERSON.idNumber]) expect(bytes.includes(name)).toBe(false)
  })

  test('may bring its user sealed for this hall and this pad, and no other', async () => {
    const sealedFor = (device: string, purpose: 'rating' | 'search' = 'rating') =>
      seal({ purpose, device, user: PERSON }, pad.sealingKey, new Date())
    const user = await sealedFor(pad.deviceId)
    const id = await takenQuestion(system, line, { ...SERVICE, user })
    await line.answer(id, 'rated')
    const broken = `${user.slice(0, -8)}AAAAAAAA`
    for (const [wrong, code] of [
      [await sealedFor('P-9999-ZZZZ'), 'seal-device'],
      [await sealedFor(pad.deviceId, 'search'), 'seal-purpose'],
      [broken, 'seal-broken'],
      ['no JWE', 'body-invalid'],
    ])
      expect((await system.ask({ ...another, user: wrong })).json.code).toBe(code)
  })

  test('is told again when the pad comes back, and after a minute only its end is asked for', async () => {
    const id = await takenQuestion(system, line)
    const soon = await padLine(hall, pad)
    expect(await soon.next()).toMatchObject({ event: 'evaluation', id, question: { caseNo: SERVICE.caseNo } })
    hall.clock.advance(MINUTE_MS + 1_000)
    const late = await padLine(hall, pad)
    expect(await late.next()).toEqual({ event: 'evaluation', id, question: null })
    await system.cancel(id)
    const cancelled = await padLine(hall, pad)
    expect(await cancelled.next()).toEqual({ event: 'evaluation', id, question: null })
    expect(await cancelled.next()).toEqual({ event: 'evaluation-cancelled', id })
  })

  test('outlives a hall that restarts in between, and a case that was forgotten by its pad can be asked anew', async () => {
    const id = await takenQuestion(system, line)
    const { dataDir } = hall
    await hall.hall.close()
    const clock = hall.clock
    hall = { ...(await startTestHall({ dataDir, clock: clock.now, takenWithinMs: PATIENT_MS })), clock }
    const back = Object.assign(new TestDevice(hall), { keys: pad.keys, deviceId: pad.deviceId })
    const newLine = await padLine(hall, back)
    expect((await newLine.next()).id).toBe(id)
    const token = await newToken(dataDir, 'second')
    system = systemAt(hall, token)
    expect((await system.ask(SERVICE)).json.id).toBe(id)
    // Six minutes later no pad asks it any more, whatever was heard of it.
    clock.advance(6 * MINUTE_MS + 1_000)
    expect(await takenQuestion(system, newLine)).not.toBe(id)
    await newLine.answer(id, 'rated')
    expect((await system.get(id)).json.state).toBe('rated')
  })

  test('of a pad that was revoked ends, for nothing of that pad is taken any more', async () => {
    const id = await takenQuestion(system, line)
    await run('revoke', pad.deviceId, '--data', hall.dataDir)
    expect((await line.answer(id, 'rated')).status).toBe(403)
    expect((await system.get(id)).json).toEqual({ id, state: 'cancelled' })
    expect((await system.ask(SERVICE)).json.code).toBe('no-pad')
  })
})

describe('whom the hall asks', () => {
  test('nobody, where no enrolled pad has the window', async () => {
    const terminal = new TestDevice(hall)
    await terminal.askToEnrol(hall.hall.createEnrolmentCode(), { fields: { role: 'terminal', window: '15' } })
    for (const window of ['13', '15', '012']) {
      const answer = await system.ask({ ...SERVICE, window })
      expect([answer.status, answer.json.code]).toEqual([404, 'no-pad'])
    }
  })

  test('a pad that does not take it in time never shows it, however late it comes for it', async () => {
    await hall.close()
    hall = await startTestHall({ takenWithinMs: HASTY_MS })
    pad = await enrolledDevice(hall)
    system = systemAt(hall, await newToken(hall.dataDir))
    const line = await padLine(hall, pad)
    const refused = system.ask(SERVICE)
    const { id } = await line.next()
    const answer = await refused
    expect([answer.status, answer.json.code]).toEqual([409, 'pad-offline'])
    expect((await line.answer(id, 'waiting')).json).toEqual({ id, state: 'cancelled' })
    expect((await line.answer(id, 'rated')).json).toEqual({ id, state: 'cancelled' })
    const again = system.ask(SERVICE)
    expect((await line.next()).id).not.toBe(id)
    await again
  })

  test('of two pads with one number the one that reports, and neither where both do', async () => {
    const second = await enrolledDevice(hall)
    const report = (device: TestDevice) =>
      device.ask({ method: 'PUT', path: statusPath(device.deviceId), body: statusBody() })
    await report(pad)
    await padLine(hall, second)
    const first = await padLine(hall, pad)
    const id = await takenQuestion(system, first)
    await first.answer(id, 'declined')
    await report(second)
    expect((await system.ask(another)).json.code).toBe('several-pads')
    hall.clock.advance(4 * MINUTE_MS)
    await report(second)
    const line = await padLine(hall, second)
    await takenQuestion(system, line, another)
  })
})

function statusBody(): object {
  return {
    role: 'pad',
    software: 'window24 0.1.0',
    uptimeSeconds: 1,
    bootId: randomUUID(),
    head: null,
    peripherals: {},
    paper: null,
    backlog: 0,
    oldestUnsentAt: null,
    clock: { synchronized: true, offsetMs: 0 },
    storage: { freeBytes: 1, totalBytes: 2 },
  }
}

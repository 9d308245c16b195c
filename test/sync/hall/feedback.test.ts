import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadSealingKeys } from '../../../sync/hall/sealing-keys.ts'
import type { Said } from '../../../sync/protocol/feedback.ts'
import { feedbackCode, spacedCode } from '../../../sync/protocol/feedback-code.ts'
import { type SealPurpose, seal } from '../../../sync/protocol/sealing.ts'
import { enrolledDevice, startTestHall, TestChain, type TestDevice, type TestHall, texts } from './helpers.ts'
import { run } from './support/command.ts'

/** Invented, and nowhere in what is not revealed. */
const WORDS = '窗口让我找街对面那家公司代办\u001b[2J'
const NAME = '林晚舟'
const PHONE = '13900000000'

const REPORT = feedbackCode([1, 2, 3, 4, 5, 6, 7])
const COMPLAINT = feedbackCode([7, 6, 5, 4, 3, 2, 1])
const REQUEST = feedbackCode([9, 9, 9, 9, 9, 9, 9])

let hall: TestHall
let device: TestDevice
let chain: TestChain
beforeAll(async () => {
  hall = await startTestHall()
  device = await enrolledDevice(hall)
  chain = new TestChain(device.deviceId)
  const key = loadSealingKeys(join(hall.dataDir, 'sealing-keys.json'), false, new Date()).current
  const sealed = (purpose: SealPurpose, what: { said: Said } | { user: true }) =>
    seal(
      {
        purpose,
        device: device.deviceId,
        ...('said' in what
          ? { text: JSON.stringify(what.said) }
          : { user: { type: '1', name: NAME, idType: '', idNumber: '', phone: PHONE } }),
      },
      key,
      new Date(),
    )
  const shared = {
    keptAt: '2026-11-20T22:40:00.000+08:00',
    provisional: false,
    clock: { synchronized: true, offsetMs: 0 },
  }
  const item = { itemCode: '11330099MB0A00010R3000101010000', itemName: '普通护照申领' }
  await device.sendBatch(
    texts([
      chain.next('complaint', {
        ...shared,
        code: COMPLAINT,
        answerBy: '2026-12-11',
        ground: 'favours',
        named: true,
        said: await sealed('complaint', {
          said: {
            item,
            place: { office: '综合受理', window: '09' },
            day: '2026-11-20',
            reasons: ['forced-agent'],
            words: WORDS,
          },
        }),
        user: await sealed('complaint', { user: true }),
      }),
      chain.next('report', {
        ...shared,
        code: REPORT,
        answerBy: '2026-11-23',
        ground: 'again-and-again',
        pace: 'ordinary',
        item,
        place: { office: '公安出入境与交管', window: '05' },
        said: null,
        user: null,
      }),
      chain.next('request', {
        ...shared,
        code: REQUEST,
        answerBy: '2026-11-24',
        kind: 'question',
        item: null,
        slot: null,
        firstAsked: '综合受理',
        // Sealed for another purpose: it opens nothing here.
        said: await sealed('rating', {
          said: { item: null, place: null, day: null, reasons: [], words: WORDS },
        }),
        user: null,
      }),
    ]),
  )
})
afterAll(async () => await hall.close())

const feedback = (...args: string[]) => run('feedback', ...args, '--data', hall.dataDir)

describe('window24 hall feedback', () => {
  test('lists what waits for an answer, the soonest first, and nothing that is sealed', async () => {
    const { code, out } = await feedback()
    expect(code).toBe(0)
    const [, ...rows] = out.trimEnd().split('\n')
    expect(rows.map((row) => row.slice(0, 9))).toEqual([REPORT, REQUEST, COMPLAINT].map(spacedCode))
    expect(rows[0]).toMatch(
      /2026-11-23.*办不成事反映.*跑了好几趟还没办成.*普通护照申领 公安出入境与交管 05号窗口/,
    )
    expect(rows[2]).toMatch(/2026-12-11.*投诉.*索要好处.*署名/)
    // Whoever stands at window 9 learns from the list only that somebody complained.
    expect(rows[2]).not.toMatch(/09|综合受理|护照/)
    expect(out).not.toMatch(new RegExp(`${NAME}|${PHONE}|代办`))
  })

  test('shows with the keys what was said and by whom, on stdout, with nothing that steers a screen', async () => {
    const { code, out, err } = await feedback('--reveal')
    expect([code, err]).toEqual([0, ''])
    for (const told of ['09号窗口', '一定要找某个中介', '街对面那家公司', NAME, PHONE])
      expect(out).toContain(told)
    expect(out).not.toContain('\u001b')
    expect(out).toContain('could not be opened: seal-purpose')
  })

  test('gives one JSON line each for another program', async () => {
    const { out } = await feedback('--json')
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines[0]).toEqual({
      type: 'report',
      device: device.deviceId,
      code: REPORT,
      keptAt: '2026-11-20T22:40:00.000+08:00',
      answerBy: '2026-11-23',
      provisional: false,
      ground: 'again-and-again',
      pace: 'ordinary',
      item: { itemCode: '11330099MB0A00010R3000101010000', itemName: '普通护照申领' },
      place: { office: '公安出入境与交管', window: '05' },
      closedAt: null,
    })
    expect(out).not.toMatch(new RegExp(`${NAME}|${PHONE}`))
  })

  test('closes by the code as people write it, says when to call back, and lists it no more', async () => {
    const asWritten = spacedCode(REPORT).toLowerCase().replaceAll('1', 'l')
    const { code, out } = await feedback('close', asWritten)
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(
        new RegExp(`^${spacedCode(REPORT)} is closed; call back by \\d{4}-\\d\\d-\\d\\d`),
      ),
    ])
    expect((await feedback('close', REPORT)).out).toContain('was closed')
    expect((await feedback()).out).not.toContain(spacedCode(REPORT))
    expect((await feedback('--all')).out).toMatch(new RegExp(`${spacedCode(REPORT)}.*closed`))
    const file = readFileSync(join(hall.dataDir, 'feedback-closed.jsonl'), 'utf8')
    expect(file.trimEnd().split('\n')).toHaveLength(1)
  })

  test('says what is wrong with a code, and with its own file', async () => {
    expect(await feedback('close', 'ABCD EFGH')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no code'),
    })
    expect(await feedback('close', feedbackCode([0, 0, 0, 0, 0, 0, 1]))).toMatchObject({ code: 1 })
    expect(await feedback('open')).toMatchObject({ code: 2 })
    appendFileSync(join(hall.dataDir, 'feedback-closed.jsonl'), '{"code":\n')
    expect(await feedback()).toMatchObject({ code: 1, err: expect.stringContaining('line 2') })
  })
})

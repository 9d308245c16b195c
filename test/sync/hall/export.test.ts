import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csvLine } from '../../../sync/hall/export/csv.ts'
import { dayRange } from '../../../sync/hall/export/day-range.ts'
import { makeEvent } from '../../../sync/protocol/chain.ts'
import { createSealingKeyPair, publicSealingKey } from '../../../sync/protocol/keys.ts'
import { seal } from '../../../sync/protocol/sealing.ts'
import { openDatabase } from '../../../sync/sqlite.ts'
import {
  enrolledDevice,
  type Made,
  ratingData,
  startTestHall,
  TestChain,
  type TestDevice,
  type TestHall,
  texts,
} from './helpers.ts'
import { run } from './support/command.ts'

let hall: TestHall
let device: TestDevice
let chain: TestChain
beforeAll(async () => {
  hall = await startTestHall()
  device = await enrolledDevice(hall)
  chain = new TestChain(device.deviceId)
})
afterAll(async () => await hall.close())

/** A rating given at that very instant. */
function ratedAt(time: string, changes: Partial<ReturnType<typeof ratingData>> = {}): Made {
  const made = makeEvent({
    deviceId: chain.deviceId,
    epoch: 1,
    sequence: chain.sequence + 1,
    prevhash: chain.hash,
    type: 'rating',
    time: new Date(time),
    data: { ...ratingData(), capturedAt: time, ...changes },
  })
  chain.sequence += 1
  chain.hash = made.event.hash
  return made
}

const exported = (from: string, to: string, format: string) =>
  run('export', '--data', hall.dataDir, '--from', from, '--to', to, '--format', format)

/** RFC 4180, read back by the book. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === '\r\n') rows.push([])
  }
  rows.pop()
  return rows
}

describe('an export', () => {
  const sent: Made[] = []
  beforeAll(async () => {
    const key = publicSealingKey(createSealingKeyPair())
    const comment = await seal({ purpose: 'rating', device: device.deviceId, text: '很好' }, key, new Date())
    sent.push(
      ratedAt('2026-11-19T23:59:59.999+08:00'),
      ratedAt('2026-11-20T00:00:00.000+08:00', { comment }),
      ratedAt('2026-11-20T23:59:59.999+08:00', {
        level: 1,
        labels: ['115'],
        case: {
          ...ratingData().case,
          itemName: '=HYPERLINK("http://x")',
          ticketNo: '+8',
          caseNo: 'A1',
        } as never,
      }),
      ratedAt('2026-11-21T00:00:00.000+08:00'),
      chain.next('system', { fact: 'stop' }),
    )
    expect((await device.sendBatch(texts(sent))).status).toBe(200)
  })

  test('as CSV is for a spreadsheet: a byte order mark, a heading, the days asked for by China’s time', async () => {
    const { code, out, err } = await exported('2026-11-20', '2026-11-20', 'csv')
    expect([code, err]).toEqual([0, ''])
    expect(out.startsWith('\ufeff时间,结果,等级,满意度,标签,')).toBe(true)
    const [heading = [], ...rows] = readCsv(out.slice(1))
    expect(rows.map(([time]) => time)).toEqual(['2026-11-20 00:00:00', '2026-11-20 23:59:59'])
    const first = Object.fromEntries(heading.map((name, index) => [name, rows[0]?.[index]]))
    expect(first).toMatchObject({
      结果: '已评价',
      等级: '5',
      满意度: '非常满意',
      标签: '一窗受理一次办结；服务热情效率高',
      有文字评价: '是',
      匿名: '是',
      窗口: '12',
      工作人员编号: 'S012',
      办件编号: 'YX2026110007K3',
      设备编号: device.deviceId,
      设备名称: '12号窗口',
      序号: '2',
    })
    expect(rows.every((row) => row.length === heading.length)).toBe(true)
    expect(out, 'what is sealed stays sealed').not.toMatch(/eyJ[\w-]*\.\./)
  })

  test('as CSV holds nothing that a spreadsheet would run', async () => {
    const { out } = await exported('2026-11-20', '2026-11-20', 'csv')
    expect(out).toContain(`"'=HYPERLINK(""http://x"")"`)
    expect(out).toContain(",'+8,")
  })

  test('as JSON lines is the stored text itself, of every kind', async () => {
    const { code, out } = await exported('2026-11-19', '2026-11-21', 'jsonl')
    expect(code).toBe(0)
    expect(out.trimEnd().split('\n')).toEqual(texts(sent))
  })

  test('of days on which nothing came is a heading, or nothing', async () => {
    expect(readCsv((await exported('2020-01-01', '2020-12-31', 'csv')).out)).toHaveLength(1)
    expect(await exported('2020-01-01', '2020-12-31', 'jsonl')).toEqual({ code: 0, out: '', err: '' })
  })

  test('with a question that was not answered tells how it ended', async () => {
    const declined = chain.next('rating-declined', {
      outcome: 'timed-out',
      case: null,
      staff: { staffId: '', window: '12' },
      askedAt: '2026-11-20T20:00:00+08:00',
    })
    await device.sendBatch(texts([declined]))
    const { out } = await exported('2026-11-20', '2026-11-20', 'csv')
    expect(readCsv(out).map(([, outcome]) => outcome)).toContain('超时未评')
  })

  test('chooses by the time that it shows', async () => {
    const late = ratedAt('2026-11-18T23:59:59.990+08:00')
    const recorded = makeEvent({
      ...{
        deviceId: chain.deviceId,
        epoch: 1,
        sequence: chain.sequence + 1,
        prevhash: chain.hash,
        type: 'rating',
      },
      time: new Date('2026-11-19T00:00:00.010+08:00'),
      data: { ...ratingData(), capturedAt: '2026-11-18T23:59:59.995+08:00' },
    })
    chain.sequence += 1
    chain.hash = recorded.event.hash
    expect((await device.sendBatch(texts([late, recorded]))).status).toBe(200)
    const rows = readCsv((await exported('2026-11-18', '2026-11-18', 'csv')).out).slice(1)
    expect(rows.map(([time]) => time)).toEqual(['2026-11-18 23:59:59', '2026-11-18 23:59:59'])
  })

  test('says what a clock that was never set has put into no range of days', async () => {
    expect((await device.sendBatch(texts([ratedAt('1970-01-01T08:00:09.000+08:00')]))).status).toBe(200)
    for (const format of ['csv', 'jsonl'])
      expect(await exported('2026-11-20', '2026-11-20', format)).toMatchObject({
        code: 0,
        err: expect.stringContaining('1 records were made by a clock before 2020'),
      })
    const { out, err } = await exported('1970-01-01', '2019-12-31', 'jsonl')
    expect([out.split('\n').length, err]).toEqual([2, ''])
  })

  test('ends cleanly when whoever reads it goes away', async () => {
    await device.sendBatch(texts(chain.ratings(400)))
    const command = pathToFileURL(join(import.meta.dirname, '../../../sync/hall/command.ts')).href
    const code = `import { hallCommand } from ${JSON.stringify(command)}
      process.exitCode = await hallCommand(process.argv.slice(1))`
    const args = ['--data', hall.dataDir, '--from', '2026-11-01', '--to', '2026-11-30', '--format', 'jsonl']
    const child = spawn(process.execPath, ['--input-type=module', '-e', code, '--', 'export', ...args])
    let err = ''
    child.stderr.on('data', (chunk) => {
      err += String(chunk)
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const exit = await new Promise((resolve) => child.on('close', resolve))
    expect([exit, err]).toEqual([0, ''])
  })

  test('with a record that cannot be read any more says so and ends with 1', async () => {
    const db = openDatabase(join(hall.dataDir, 'hall.sqlite'))
    db.prepare(`UPDATE events SET text = replace(text, '"level":5', '"level":9') WHERE sequence = 2`).run()
    db.close()
    const { code, err } = await exported('2026-11-20', '2026-11-20', 'csv')
    expect([code, err]).toEqual([1, expect.stringContaining('1 records could not be read')])
  })
})

test('a text that a spreadsheet would make a number or a date of stays a text; others stay as they are', () => {
  const rewritten = [
    '330099202611210001',
    '007',
    '3-12',
    '1/2',
    '12:30',
    '1E5',
    '3月12日',
    '１２',
    'MAR1',
    'TRUE',
    '.5',
    '50%',
    '9a',
  ]
  const kept = [
    '12',
    '0',
    'YX2026110007K3',
    '11330099MB0A00010R3000101010000',
    'A-12',
    '12号窗口',
    '普通护照申领',
    '',
  ]
  expect(readCsv(csvLine(rewritten))).toEqual([rewritten.map((text) => `'${text}`)])
  expect(readCsv(csvLine(kept))).toEqual([kept])
  expect(readCsv(csvLine([7, { shown: '2026-11-20 00:00:00' }]))).toEqual([['7', '2026-11-20 00:00:00']])
})

test('whatever stands in a cell comes back as it was, or with an apostrophe before it', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (cells) => {
      const [row = []] = readCsv(csvLine(cells))
      expect(row).toHaveLength(cells.length)
      for (const [index, cell] of cells.entries())
        expect(/^[=+\-@\t\r＝＋－＠]/.test(cell) ? [`'${cell}`] : [cell, `'${cell}`]).toContain(row[index])
    }),
  )
})

test('a range of days is of China, both days within', () => {
  expect(dayRange('2026-11-20', '2026-11-21')).toEqual({
    ok: true,
    from: new Date('2026-11-19T16:00:00Z'),
    to: new Date('2026-11-21T16:00:00Z'),
  })
  for (const day of ['2026-2-3', '2026-02-29', '20261120', 'today', '2026-13-01', ''])
    expect(dayRange(day, '2026-11-21'), day).toMatchObject({ ok: false })
})

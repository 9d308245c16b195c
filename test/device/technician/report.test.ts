/** The readiness report over the technician's own pages: what is open, the paper, printed and taken along. */
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import type { ReportState, SetupState } from '../../../device/http/contract/setup.ts'
import { reportCommand } from '../../../device/technician/report/command.ts'
import { pdfText } from '../../sync/hall/support/pdf-text.ts'
import { deviceJson, startTestHall, temporaryFolder } from '../support/house.ts'
import { comeIn, eventually, type Running, runDevice } from './support/running.ts'

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

const reportOf = ({ rooms }: SetupState): ReportState => {
  if (rooms?.report === undefined) throw new Error('nobody is in')
  return rooms.report
}

/** A terminal of a real hall, with an A4 printer that writes files. */
const openTerminal = async (): Promise<Running & { papers: string }> => {
  const hall = await startTestHall(parts)
  const folder = await temporaryFolder(parts)
  const papers = join(folder, 'papers')
  await mkdir(papers)
  const json = deviceJson({
    role: 'terminal',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    peripherals: { pagePrinter: { driver: 'directory', port: `dir:${papers}` } },
  })
  await writeFile(join(folder, 'device.json'), JSON.stringify(json))
  const running = await runDevice(parts, { folder })
  await comeIn(running)
  await running.until(({ rooms }) => rooms?.device?.hall.deviceId != null)
  return { ...running, papers }
}

const wholeIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.pdf'))

it('says what is still open, and no longer what was done', async () => {
  const running = await openTerminal()
  const before = reportOf(await running.state())
  expect(before.ready).toBe(false)
  expect(before.open).toEqual(
    expect.arrayContaining([
      { what: 'pagePrinter', code: 'not-tried' },
      { what: 'screen', code: 'not-measured' },
      { what: 'network', code: 'not-tried' },
      { what: 'storage', code: 'not-tried' },
    ]),
  )
  await running.done({ room: 'report', action: { type: 'check' } })
  await running.done({
    room: 'device',
    action: { type: 'screen', diagonalInches: 27, widthPx: 1080, heightPx: 1920 },
  })
  await running.done({ room: 'peripherals', action: { type: 'test', name: 'pagePrinter' } })
  await running.until(({ rooms }) => rooms?.peripherals?.test?.asks === true)
  await running.done({ room: 'peripherals', action: { type: 'answer', right: true } })
  const after = await running.until((state) => {
    const open = reportOf(state).open.map(({ what }) => what)
    return !open.includes('screen') && !open.includes('pagePrinter') && !open.includes('storage')
  })
  expect(reportOf(after).open.filter(({ code }) => code === 'not-tried')).toEqual([])
})

it('becomes a numbered paper that names the device, its tests and what is open, and is printed', async () => {
  const running = await openTerminal()
  expect(await running.refused({ room: 'report', action: { type: 'print', paper: 'a4' } })).toBe(
    'report-first',
  )
  const made = reportOf(await running.done({ room: 'report', action: { type: 'make' } })).made
  expect(made).toMatchObject({ number: 1, ready: false, file: 'window24-report-0001.pdf' })

  const response = await fetch(`${running.origin}/api/setup/files/${made?.file}`)
  expect(response.headers.get('content-type')).toBe('application/pdf')
  const pdf = Buffer.from(await response.arrayBuffer())
  const text = await pdfText(pdf)
  const { rooms } = await running.state()
  for (const part of ['设备就绪报告', '第 0001 号', '还不能交付', 'A4 打印机测试：还没有做', '技术员'])
    expect(text).toContain(part)
  expect(text).toContain(rooms?.device?.hall.deviceId)

  expect(await running.refused({ room: 'report', action: { type: 'print', paper: 'receipt' } })).toBe(
    'not-bound',
  )
  await running.done({ room: 'report', action: { type: 'print', paper: 'a4' } })
  const printed = await running.until((state) => {
    const outcome = reportOf(state).printed?.outcome
    return outcome !== undefined && outcome !== 'printing'
  })
  expect(reportOf(printed).printed).toMatchObject({ paper: 'a4', outcome: 'printed' })
  const [name = ''] = await eventually(
    async () => wholeIn(running.papers),
    (names) => names.length === 1,
  )
  expect(readFileSync(join(running.papers, name)).equals(pdf)).toBe(true)

  const again = reportOf(await running.done({ room: 'report', action: { type: 'make' } })).made
  expect(again?.number).toBe(2)
  await running.done({ room: 'access', action: { type: 'leave' } })
  expect((await fetch(`${running.origin}/api/setup/files/${again?.file}`)).status).not.toBe(200)
})

it('saved on a stick that is not there says so, and nothing is taken for saved', async () => {
  const running = await openTerminal()
  await running.done({ room: 'report', action: { type: 'make' } })
  expect(await running.refused({ room: 'report', action: { type: 'save', stick: 'sdz9' } })).toBe(
    'stick-gone',
  )
  expect(reportOf(await running.state()).saved).toMatchObject({ code: 'stick-gone' })
})

it('is made by command of a device that runs, from its folder alone', async () => {
  const running = await openTerminal()
  const said: string[] = []
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  onTestFinished(() => out.mockRestore())
  const file = join(running.folder, 'report.pdf')
  const { config, dataDir } = running
  const code = await reportCommand(['--config', config, '--data', dataDir, '--out', file, '--lang', 'zh'])
  out.mockRestore()
  expect(code).toBe(1)
  expect(said.join('')).toContain('A4 打印机测试：还没有做')
  expect(said.join('')).not.toContain('没有运行')
  const text = await pdfText(readFileSync(file))
  const { rooms } = await running.state()
  expect(text).toContain(rooms?.device?.hall.deviceId)
  expect(text).not.toContain('还没有第一条')
  expect(text).toMatch(/第\s*1\s*段\s*第\s*\d+\s*条/)
})

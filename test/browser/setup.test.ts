/** The technician's hour before a device, by touch: first run, a dead reader, a lost PIN, what is taken along, a moved device. */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PeripheralName, PeripheralsState, SetupState } from '../../device/http/contract.ts'
import { type IdReaderSimulator, startIdReaderSimulator } from '../../drivers/simulators/id-reader.ts'
import { type IppPrinterSimulator, startIppPrinterSimulator } from '../../drivers/simulators/ipp-printer.ts'
import { type KeypadSimulator, startKeypadSimulator } from '../../drivers/simulators/keypad.ts'
import { startReceiptPrinterSimulator } from '../../drivers/simulators/receipt-printer.ts'
import { type ScannerSimulator, startScannerSimulator } from '../../drivers/simulators/scanner.ts'
import { type Hall, startHall } from '../../sync/hall/hall.ts'
import { temporaryFolder } from '../device/support/house.ts'
import { SILENT } from '../device/support/silent.ts'
import { type StickBay, stickBay } from '../device/technician/support/stick.ts'
import { run } from '../sync/hall/support/command.ts'
import { openSetup, type SetupBench } from './bench/setup.ts'

/** The first run with five peripherals asks for no more. */
const TOUCHES_AT_MOST = 40
const FREE = 'tcp://127.0.0.1:0'
const NEW_PIN = '730916'
const GRAVE = ['serious', 'critical']
/** Far past what the slowest machine needs for any step. */
const PATIENCE_MS = 30_000

/** A pad of 10 inches, a small one, a laptop and a phone; the terminal's own panel. */
const SIZES = [
  { width: 1080, height: 1920 },
  { width: 1024, height: 600 },
  { width: 1366, height: 768 },
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
]

/** By what their buttons begin with in English. */
const ROOMS = [
  ['device', /^Device/],
  ['peripherals', /^Peripherals/],
  ['configuration', /^Configuration/],
  ['health', /^Health/],
  ['report', /^Readiness/],
  ['bundle', /^Support/],
] as const

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const parts = new AsyncDisposableStack()
let hall: Hall
let hallFolder: string
let setup: SetupBench
let bay: StickBay
let reader: IdReaderSimulator
let scanner: ScannerSimulator
let printer: IppPrinterSimulator
let keypad: KeypadSimulator
let ports: Record<PeripheralName, string>
/** Where the stick is mounted. */
let stick: string

beforeAll(async () => {
  hallFolder = await temporaryFolder(parts)
  hall = await startHall({ dataDir: hallFolder, listen: '127.0.0.1:0', demo: true, logger: SILENT })
  parts.defer(() => hall.close())
  const [one, two, three, four, five] = await Promise.all([
    startIdReaderSimulator({ listen: FREE }),
    startScannerSimulator({ listen: FREE }),
    startReceiptPrinterSimulator({
      listen: FREE,
      profile: 'print-done-80',
      millimetresPerSecond: 5_000,
      cutMs: 10,
    }),
    startIppPrinterSimulator({ listen: FREE }),
    startKeypadSimulator({ listen: FREE }),
  ])
  for (const simulator of [one, two, three, four, five]) parts.defer(() => simulator.close())
  reader = one
  scanner = two
  printer = four
  keypad = five
  ports = {
    idReader: one.port,
    scanner: two.port,
    receiptPrinter: three.port,
    pagePrinter: four.port,
    keypad: five.port,
  }
  bay = stickBay((clear) => parts.defer(clear))
  setup = await openSetup(parts, { machine: bay.machine })
})
afterAll(() => parts.disposeAsync())

const roomOf = ({ rooms }: SetupState): PeripheralsState => {
  if (rooms?.peripherals === undefined) throw new Error('nobody is in')
  return rooms.peripherals
}
/** Waits for the room; what does not come is told with what stands there instead. */
const untilRoom = async (fits: (room: PeripheralsState) => boolean): Promise<PeripheralsState> => {
  try {
    return roomOf(await setup.until((state) => fits(roomOf(state))))
  } catch {
    const { bound, test } = roomOf(await setup.device.state())
    throw new Error(JSON.stringify({ bound: bound.map(({ name, status }) => [name, status]), test }))
  }
}
const untilStep = (code: string): Promise<PeripheralsState> =>
  untilRoom(({ test }) => Boolean(test?.steps.some((step) => step.code === code && step.state === 'now')))
/** As it stands drawn on the screen. */
const drawnCode = async (): Promise<string> =>
  (await untilRoom(({ test }) => test?.facts.code !== undefined)).test?.facts.code ?? ''
const passes = async (name: PeripheralName): Promise<void> => {
  const { test } = await untilRoom((room) => room.test?.name === name && room.test.state !== 'running')
  expect(test?.state, JSON.stringify(test?.steps)).toBe('passed')
}

const deviceId = (): string =>
  JSON.parse(readFileSync(join(setup.device.dataDir, 'identity.json'), 'utf8')).deviceId

/** Nothing grave for a screen reader, and nothing beyond the edge, at every size. */
const sound = async (what: string): Promise<void> => {
  const { page } = setup
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe)
  for (const size of SIZES) {
    await page.setViewportSize(size)
    const beyond = `[...document.querySelectorAll('header *, main *')]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.unseen'))
      .map((one) => one.localName + '.' + one.className + ' ' + one.textContent.trim().slice(0, 30))`
    expect.soft(await page.evaluate(beyond), `${what} at ${size.width}`).toEqual([])
  }
  const options = JSON.stringify({ resultTypes: ['violations'] })
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${options})`)
  const grave = violations.filter(({ impact }) => GRAVE.includes(String(impact)))
  expect
    .soft(
      grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}`),
      what,
    )
    .toEqual([])
}

/** From its address on paper to a test that passed. */
const attach = async (name: PeripheralName, as: string, help: () => Promise<void>): Promise<void> => {
  const { page } = setup
  await setup.type('网络设备的地址', ports[name])
  const found = `[data-thing="${ports[name]}"]`
  await setup.touchIn(found, `接入为 ${as}`)
  await setup.touchIn(found, '接入')
  const bound = `[data-peripheral=${name}]`
  await page.locator(bound).waitFor({ timeout: PATIENCE_MS })
  await setup.until(({ rooms }) =>
    Boolean(rooms?.peripherals?.bound.some((one) => one.name === name && one.status?.state === 'ready')),
  )
  await setup.touchIn(bound, '测试')
  await help()
  await passes(name)
}

it('sets a bare machine up with five peripherals, in at most forty touches', {
  timeout: 120_000,
}, async () => {
  const { page } = setup
  await setup.seesView('new')
  await sound('choosing a PIN')
  await setup.enterPin()

  await setup.seesView('step-name')
  await setup.type('名称', '12 号窗口', 'open')
  await setup.seesView('step-hall')
  await setup.typeByKeys('服务器地址', hall.url, 'open')
  await setup.typeByKeys('启用代码', hall.createEnrolmentCode())
  await setup.seesView('step-role')
  await setup.touch(/^窗口评价器/)
  await setup.touch('使用这个用途')

  await setup.seesView('step-peripherals')
  await setup.until(({ rooms }) => rooms?.device?.hall.deviceId != null)
  await attach('idReader', '身份证阅读器', async () => {})
  await attach('scanner', '扫码器', async () => {
    scanner.scan(await drawnCode())
  })
  await attach('receiptPrinter', '凭条打印机', () => setup.touch('对'))
  await attach('pagePrinter', 'A4 打印机', () => setup.touch('对'))
  await attach('keypad', '评价按键盒', async () => {
    await untilStep('lamps')
    await setup.touch('对')
    for (let key = 1; key <= 5; key += 1) {
      await untilStep(`key-${key}`)
      await expect.poll(() => keypad.asking(), { timeout: PATIENCE_MS }).toBe(true)
      keypad.press(key - 1)
    }
  })
  await sound('five peripherals')
  await setup.touch('下一步')

  await setup.seesView('step-screen')
  await setup.touch('量屏幕')
  await setup.seesView('ruler')
  await setup.touch('正好，使用这个尺寸')
  await setup.seesView('step-report')
  await setup.touch(/^(仍然)?做一份/)
  await setup.touch('打印 A4')
  await setup.sees(/^(应该)?已经打印/)
  expect(printer.pages().length).toBe(2)
  await setup.touch('完成首次设置')
  await page.waitForURL('**/pad/')
  console.log(`first run with five peripherals: ${setup.touches()} touches`)
  expect(setup.touches()).toBeLessThanOrEqual(TOUCHES_AT_MOST)
  const written = JSON.parse(readFileSync(setup.device.config, 'utf8'))
  expect(Object.keys(written.peripherals).sort()).toEqual(Object.keys(ports).sort())
})

it('a wrong PIN waits and counts; a lost one is chosen anew with the hall’s code', async () => {
  const { page } = setup
  // What the technician has come for; how long it lasts makes it a fault.
  await reader.unplug()
  // From the pad's own page, at rest, by five touches in its corner.
  await setup.seesView('rest')
  for (let touch = 0; touch < 5; touch += 1) await page.touchscreen.tap(12, 12)
  await page.waitForURL('**/setup/')
  await setup.seesView('locked')
  await setup.enterPin('999991')
  await setup.sees('已经输错 1 次')
  await sound('asking for the PIN')

  await setup.touch('忘记密码')
  await setup.seesView('lost')
  await sound('a lost PIN')
  const told = await run('technician', '--data', hallFolder, '--device', deviceId())
  await setup.type('一次性代码', '0000000000')
  await setup.sees('代码不对')
  await setup.type('一次性代码', told.out.trim())
  await setup.seesView('new')
  await setup.enterPin(NEW_PIN)
  await setup.seesView('device')
})

it('a lost PIN is chosen anew with the hall’s file on a stick', async () => {
  await setup.touch('退出维护')
  await setup.page.waitForURL('**/pad/')
  await setup.page.goto(`${setup.device.origin}/setup/`)
  await setup.seesView('locked')
  await setup.touch('忘记密码')
  await setup.touch('U 盘已经插好，读取文件')
  await setup.sees('没有找到 U 盘')
  stick = bay.plugIn({ label: 'SETUP' }).disk.folder
  await setup.touch('U 盘已经插好，读取文件')
  await setup.sees('没有给这台设备的大厅文件')
  const told = await run('technician', '--data', hallFolder, '--device', deviceId(), '--file', stick)
  expect([told.code, told.err]).toEqual([0, ''])
  await setup.touch('U 盘已经插好，读取文件')
  await setup.seesView('new')
  await setup.enterPin()
  await setup.seesView('device')
})

it('names why a reader is silent, and it is mended by another port and a test that passes', async () => {
  const { page } = setup
  await untilRoom(({ bound }) =>
    bound.some(({ name, status }) => name === 'idReader' && status?.state === 'fault'),
  )
  await page.locator('nav').getByText('5 个中有 1 个有问题').waitFor()
  await setup.touchIn('nav', /^健康状况/)
  await setup.seesView('health')
  await page.locator('main').getByText('身份证阅读器').first().waitFor({ timeout: PATIENCE_MS })
  await sound('a fault')
  await setup.touchIn('nav', /^外设/)
  await setup.seesView('peripherals')
  const silent = page.locator('[data-peripheral=idReader]')
  await silent
    .locator('.bad')
    .filter({ hasText: /没有回应|打不开|断/ })
    .first()
    .waitFor({ timeout: PATIENCE_MS })
  const next = await startIdReaderSimulator({ listen: FREE })
  parts.defer(() => next.close())
  ports.idReader = next.port
  await setup.touchIn('[data-peripheral=idReader]', '取消接入')
  await silent.waitFor({ state: 'detached', timeout: PATIENCE_MS })
  await attach('idReader', '身份证阅读器', async () => {})
})

it('a report and a support bundle are made, looked at, and taken along on a stick', async () => {
  const { page } = setup
  await setup.touchIn('nav', /^就绪报告/)
  await setup.seesView('report')
  await setup.touch(/^(仍然)?做一份/)
  await setup.touch('存到 U 盘“SETUP”')
  await setup.sees(/^已写好 window24-report-0002\.pdf/)
  expect(readFileSync(join(stick, 'window24-report-0002.pdf')).subarray(0, 5).toString()).toBe('%PDF-')

  await setup.touchIn('nav', /^支持包/)
  await setup.seesView('bundle')
  await setup.touch('生成支持包')
  const shown = await page.locator('pre').textContent({ timeout: PATIENCE_MS })
  await setup.touch('存到 U 盘“SETUP”')
  await setup.sees(/^已写好 window24-support-/)
  const name = readdirSync(stick).find((one) => one.startsWith('window24-support-')) ?? ''
  expect(readFileSync(join(stick, name), 'utf8')).toBe(shown)
  expect(shown).not.toContain(NEW_PIN)
})

it('a moved pad has another window and hall address, and every page is sound in English', async () => {
  const { page } = setup
  await setup.touchIn('nav', /^设备/)
  await setup.seesView('device')
  await setup.type('窗口号', '7')
  await setup.until(({ rooms }) => rooms?.device?.window === '7')
  const other = hall.url.replace('127.0.0.1', 'localhost')
  await setup.type('服务器地址', other)
  await setup.until(
    ({ rooms }) => rooms?.device?.hall.url === other && rooms.device.hall.check.state === 'good',
  )
  await setup.touch('English')
  await page.locator('html[lang=en]').waitFor()
  for (const [room, name] of ROOMS) {
    await page.locator('nav').getByRole('button', { name }).tap()
    await setup.seesView(room)
    await sound(`${room} in English`)
  }
  // A page that is loaded anew stands where it stood.
  await page.reload()
  await setup.seesView('bundle')
  await setup.touch('Leave setup')
  await page.waitForURL('**/pad/')
  await setup.seesView('rest')
})

/**
 * Every page of the technician's with a picture of each: a real device from a bare folder to five peripherals, one of
 * which is dead, with a report and a bundle made and, as root, a stick and a cabinet full of other ports.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { PeripheralName, SetupAction } from '../../../device/http/contract.ts'
import { startKeypadSimulator } from '../../../drivers/simulators/keypad.ts'
import { startTestHall } from '../../device/support/house.ts'
import { stickBay } from '../../device/technician/support/stick.ts'
import type { Screen } from '../../ui/bench/sheet.ts'
import { startPeripheralsBench } from './peripherals.ts'
import { openSetup } from './setup.ts'

export const SETUP_SIZES: Record<string, { width: number; height: number }> = {
  pad: { width: 1280, height: 800 },
  small: { width: 1024, height: 600 },
  terminal: { width: 1080, height: 1920 },
  laptop: { width: 1366, height: 768 },
  phone: { width: 390, height: 844 },
}
const USUAL = { width: 1280, height: 800 }
const THEMES = ['night', 'day'] as const
/** Of what is longer than its panel. */
const SCREENFULS_AT_MOST = 4
/** The page takes the device's own theme back whenever it is told something. */
const TRIES = 5
/** A port of the list that nobody has bound. */
const OTHER_PORTS = 6

export interface Walk {
  screens: Screen[]
  /** What lies beyond an edge, in words. */
  faults: string[]
}

/** @param out a folder for the pictures, such as `health-2.pad.day.en.png` */
export const walkSetup = async (
  out: string,
  language: 'zh' | 'en',
  sizes: readonly string[],
): Promise<Walk> => {
  mkdirSync(out, { recursive: true })
  await using parts = new AsyncDisposableStack()
  const named = (zh: string, en: string): string => (language === 'en' ? en : zh)
  const hall = await startTestHall(parts)
  const bay = process.getuid?.() === 0 ? stickBay((clear) => parts.defer(clear)) : null
  const setup = await openSetup(parts, bay === null ? {} : { machine: bay.machine })
  const { page, device } = setup
  const screens: Screen[] = []
  const faults: string[] = []

  const picture = async (name: string, size: string, theme: string): Promise<string> => {
    const file = `setup-${name}.${size}.${theme}.${language}.png`
    for (let tries = 1; tries <= TRIES; tries += 1) {
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
      await page.screenshot({ path: join(out, file) })
      if ((await page.evaluate('document.documentElement.dataset.theme')) === theme) break
    }
    return file
  }
  const shoot = async (name: string): Promise<void> => {
    const pictures: string[] = []
    for (const size of sizes) {
      const viewport = SETUP_SIZES[size]
      if (viewport === undefined) throw new Error(`there is no size ${size}`)
      await page.setViewportSize(viewport)
      await page.evaluate('document.fonts.ready')
      const beyond = await page.evaluate<boolean>(
        '[...document.querySelectorAll("html, main")].some((one) => one.scrollWidth > one.clientWidth + 1)',
      )
      if (beyond) faults.push(`${name} at ${size}: beyond its edge`)
      for (let at = 1; at <= SCREENFULS_AT_MOST; at += 1) {
        for (const theme of THEMES)
          pictures.push(await picture(at === 1 ? name : `${name}-${at}`, size, theme))
        const further = `(() => {
          const main = document.querySelector('main')
          const from = main?.scrollTop
          main?.scrollBy(0, main.clientHeight * 0.9)
          return main !== null && main.scrollTop > from
        })()`
        if (!(await page.evaluate<boolean>(further))) break
      }
      await page.evaluate("document.querySelector('main')?.scrollTo(0, 0)")
    }
    await page.setViewportSize(USUAL)
    screens.push({ name, pictures })
  }
  const done = (action: SetupAction) => device.done(action)

  await setup.seesView('new')
  if (language === 'en') await setup.touch('English')
  await shoot('new')
  await setup.enterPin()
  await setup.seesView('step-name')
  await shoot('step-name')
  await setup.type(named('名称', 'Name'), named('12 号窗口', 'Window 12'), 'open')
  await setup.seesView('step-hall')
  await setup.type(named('服务器地址', 'Address of the server'), 'http://127.0.0.1:9', 'open')
  await setup.touch(named('保存并检查', 'Save and check'))
  await setup.until(({ rooms }) => rooms?.device?.hall.check.state === 'bad')
  await shoot('step-hall')
  await setup.type(named('服务器地址', 'Address of the server'), hall.url)
  await setup.type(named('启用代码', 'Enrolment code'), hall.createEnrolmentCode())
  await setup.seesView('step-role')
  await setup.touch(new RegExp(`^${named('窗口评价器', 'Rating pad')}`))
  await shoot('step-role')
  await setup.touch(named('使用这个用途', 'Take this role'))
  await setup.seesView('step-peripherals')
  for (let port = 1; port <= OTHER_PORTS; port += 1)
    bay?.machine.serial({
      name: `ttyUSB${port}`,
      byId: `usb-Example_Adapter_${port}-if00-port0`,
      vendorId: '1a86',
      productId: '7523',
      product: 'USB Serial',
    })
  await done({ room: 'peripherals', action: { type: 'look' } })
  await setup.until(({ rooms }) => rooms?.peripherals?.found?.state === 'done')
  await shoot('step-peripherals')

  const bench = await startPeripheralsBench(
    { reader: true, scanner: true, receiptPrinter: true, pagePrinter: true },
    parts,
  )
  const keypad = await startKeypadSimulator({ listen: 'tcp://127.0.0.1:0' })
  parts.defer(() => keypad.close())
  const bind = (name: PeripheralName, driver: string, port: string, profile: string | null = null) =>
    done({ room: 'peripherals', action: { type: 'bind', entry: { name, driver, profile, port } } })
  await bind('idReader', 'sdt', bench.reader.port)
  await bind('scanner', 'serial', bench.scanner.port)
  await bind('receiptPrinter', 'escpos', bench.receiptPrinter.port, 'print-done-80')
  await bind('pagePrinter', 'ipp', bench.pagePrinter.port)
  await bind('keypad', 'ff68', keypad.port)
  await done({ room: 'peripherals', action: { type: 'test', name: 'pagePrinter' } })
  await setup.until(({ rooms }) => rooms?.peripherals?.test?.asks === true)
  await shoot('test-printer')
  await done({ room: 'peripherals', action: { type: 'answer', right: true } })
  await setup.until(({ rooms }) => rooms?.peripherals?.test?.state === 'passed')
  await done({ room: 'peripherals', action: { type: 'test', name: 'scanner' } })
  await setup.until(({ rooms }) => rooms?.peripherals?.test?.facts.code !== undefined)
  await shoot('test-scanner')
  await done({ room: 'peripherals', action: { type: 'stop-test' } })
  await done({ room: 'peripherals', action: { type: 'stop-test' } })

  await setup.touch(named('下一步', 'Next'))
  await setup.seesView('step-screen')
  await shoot('step-screen')
  await setup.touch(named('量屏幕', 'Measure the screen'))
  await setup.seesView('ruler')
  await shoot('ruler')
  await setup.touch(named('正好，使用这个尺寸', 'It fits: take this size'))
  await setup.seesView('step-report')
  await shoot('step-report')
  await setup.touch(named('完成首次设置', 'End the first setup'))
  await page.waitForURL('**/pad/')
  await setup.seesView('rest')
  await bench.reader.unplug()
  bench.receiptPrinter.setPaper('out')
  bay?.plugIn({ label: 'SETUP' })
  await page.keyboard.press('Control+Alt+KeyS')
  await page.waitForURL('**/setup/')
  await setup.seesView('locked')
  await setup.enterPin('999991')
  await setup.until(({ access }) => access.name === 'locked' && access.wrong === 1)
  await shoot('locked')
  await setup.touch(named('忘记密码', 'PIN forgotten'))
  await setup.seesView('lost')
  await shoot('lost')
  await setup.touch(named('返回', 'Back'))
  await setup.until(({ access }) => access.name === 'locked' && access.retryAt === null)
  await setup.enterPin()
  await setup.seesView('device')
  await setup.until(({ rooms }) => (rooms?.health?.faults.length ?? 0) > 1)
  for (const what of ['network', 'clock', 'storage'] as const)
    await done({ room: 'health', action: { type: 'check', what } })
  await done({ room: 'report', action: { type: 'make' } })
  await done({ room: 'bundle', action: { type: 'make' } })
  for (const room of await page.locator('nav button').all()) {
    await room.tap()
    const view = String(await page.locator('main').getAttribute('data-view'))
    if (view === 'bundle') await page.locator('pre').waitFor()
    await shoot(view)
  }
  return { screens, faults }
}

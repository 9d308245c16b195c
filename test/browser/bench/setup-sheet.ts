/**
 * Every page of the technician's on every panel, side by side on one sheet: walked on a real device from a bare folder.
 *
 *   npm run build && node scripts/run.js test/browser/bench/setup-sheet.ts --out DIR [--language en] [--sizes pad,phone]
 *
 * DIR gets a picture of each page (`step-hall.pad.png`) and `index.html` with all of them. Prints what lies beyond an edge.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startTestHall } from '../../device/support/house.ts'
import { sharedChromium } from '../chromium.ts'
import { openSetup } from './setup.ts'

const SIZES: Record<string, { width: number; height: number }> = {
  pad: { width: 1280, height: 800 },
  small: { width: 1024, height: 600 },
  terminal: { width: 1080, height: 1920 },
  laptop: { width: 1366, height: 768 },
  phone: { width: 390, height: 844 },
}
const SHOWN_HEIGHT_PX = 420
const USUAL = { width: 1280, height: 800 }

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    language: { type: 'string', default: 'zh' },
    sizes: { type: 'string', default: Object.keys(SIZES).join(',') },
  },
})
const { out } = values
if (out === undefined) throw new Error('--out names the folder for the pictures')
mkdirSync(out, { recursive: true })
const english = values.language === 'en'
const named = (zh: string, en: string): string => (english ? en : zh)

const parts = new AsyncDisposableStack()
const hall = await startTestHall(parts)
const setup = await openSetup(parts)
const { page } = setup
const pictures: string[] = []

const shoot = async (name: string): Promise<void> => {
  for (const size of values.sizes.split(',')) {
    const viewport = SIZES[size]
    if (viewport === undefined) throw new Error(`there is no size ${size}`)
    await page.setViewportSize(viewport)
    await page.evaluate('document.fonts.ready')
    const beyond = await page.evaluate<boolean>(
      '[...document.querySelectorAll("html, main")].some((one) => one.scrollWidth > one.clientWidth + 1)',
    )
    if (beyond) console.log(`${name} at ${size}: beyond its edge`)
    const picture = `${name}.${size}.png`
    await page.screenshot({ path: join(out, picture) })
    pictures.push(picture)
  }
  await page.setViewportSize(USUAL)
}

await setup.seesView('new')
if (english) await setup.touch('English')
await shoot('new')
await setup.enterPin()
await setup.seesView('step-name')
await shoot('step-name')
await setup.type(named('名称', 'Name'), named('12 号窗口', 'Window 12'), 'open')
await setup.seesView('step-hall')
await shoot('step-hall')
await setup.type(named('服务器地址', 'Address of the server'), hall.url, 'open')
await setup.type(named('启用代码', 'Enrolment code'), hall.createEnrolmentCode())
await setup.seesView('step-role')
await setup.touch(new RegExp(`^${named('窗口评价器', 'Rating pad')}`))
await shoot('step-role')
await setup.touch(named('使用这个用途', 'Take this role'))
await setup.seesView('step-peripherals')
await setup.until(({ rooms }) => rooms?.peripherals?.found?.state === 'done')
await shoot('step-peripherals')
await setup.touch(named('暂时跳过', 'Skip for now'))
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
await page.keyboard.press('Control+Alt+KeyS')
await page.waitForURL('**/setup/')
await setup.seesView('locked')
await shoot('locked')
await setup.enterPin()
await setup.seesView('device')
for (const room of await page.locator('nav button').all()) {
  await room.tap()
  const view = await page.locator('main').getAttribute('data-view')
  await shoot(String(view))
}

const figure = (picture: string): string =>
  `<figure><img src="${picture}" alt=""><figcaption>${picture}</figcaption></figure>`
writeFileSync(
  join(out, 'index.html'),
  `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Window24: setup</title>
<style>
body { display: flex; flex-wrap: wrap; gap: 16px; margin: 16px; background: #7c8796; font: 15px sans-serif; }
figure { margin: 0; }
figcaption { padding: 4px 0; color: #fff; }
img { height: ${SHOWN_HEIGHT_PX}px; }
</style>
${pictures.map(figure).join('\n')}
</html>
`,
)
console.log(`${pictures.length} pictures: ${join(out, 'index.html')}`)
await parts.disposeAsync()
await (await sharedChromium()).close()

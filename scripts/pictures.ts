/** `npm run pictures`: makes the pictures of README.md from a running demo, by touching it as a citizen would. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { ensurePages } from './build-pages.js'
import type { DockAction } from './demo/contract.ts'
import { startDemo } from './demo/demo.ts'
import { root } from './runtime.js'

const BASE_PORT = 18_024
const pictures = join(root, 'scripts/pictures')

ensurePages()
const dataDir = mkdtempSync(join(tmpdir(), 'window24-pictures-'))
// Night all day: the terminal's light is what the name is about.
const night = { from: '00:00', to: '23:59' }
const demo = await startDemo({ dataDir, basePort: BASE_PORT, dev: false, night })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })

const dock = async (action: DockAction): Promise<void> => {
  await fetch(`http://127.0.0.1:${BASE_PORT + 3}/dock/actions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(action),
  })
}
const open = async (port: number, width: number, height: number) => {
  const context = await browser.newContext({ viewport: { width, height }, hasTouch: true })
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${port}/`)
  await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => {})
  return page
}

try {
  const terminal = await open(BASE_PORT, 1080, 1920)
  await terminal.mouse.click(540, 960)
  await terminal.getByRole('button', { name: '我的材料' }).waitFor()
  await terminal.screenshot({ path: join(pictures, 'terminal.png') })

  await dock({ type: 'ask-for-rating', caseNo: 'YX2026110007K3' })
  const pad = await open(BASE_PORT + 4, 1280, 800)
  await pad.getByRole('button', { name: '非常满意' }).waitFor()
  await pad.screenshot({ path: join(pictures, 'pad.png') })

  await dock({ type: 'place-card', person: 'zhang' })
  await terminal.getByRole('button', { name: '普通护照申领' }).click()
  await terminal.getByRole('button', { name: '收件凭证' }).click()
  await terminal.getByText('打印好了').first().waitFor()
  await terminal.getByRole('button', { name: '返回' }).click()
  const bench = await open(BASE_PORT + 3, 1600, 1000)
  await bench.waitForTimeout(2_000)
  await bench.screenshot({ path: join(pictures, 'dock.png') })
} finally {
  await browser.close()
  await demo.close()
  rmSync(dataDir, { recursive: true })
}

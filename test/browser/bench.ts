import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { DockAction, DockState } from '../../scripts/demo/contract.ts'
import { type Demo, startDemo } from '../../scripts/demo/demo.ts'
import { freeBasePort } from '../free-ports.ts'
import { launchChromium, padScreen, terminalScreen } from './chromium.ts'

/** A whole demo of a test's own, the screens in Chromium by touch, and the dock's levers. */
export interface Bench {
  terminal: Page
  pad: Page
  dockUrl: string
  /** What a case system does at the window (PROTOCOLS.md §2). */
  askAtWindow(body: object): Promise<Response>
  dock(action: DockAction): Promise<DockState>
  state(): Promise<DockState>
  /** Asks the dock until it is so; fails in words when it is not in time. */
  until(what: string, isSo: (state: DockState) => boolean, withinMs?: number): Promise<DockState>
  close(): Promise<void>
}

const POLL_MS = 50
/** Far past what any page needs on a busy machine; a wrong page fails in seconds. */
const PAGE_TIMEOUT_MS = 8_000

export async function startBrowserBench(): Promise<Bench> {
  const dataDir = mkdtempSync(join(tmpdir(), 'window24-bench-'))
  const basePort = await freeBasePort()
  const demo: Demo = await startDemo({ dataDir, basePort, dev: false })
  const browser: Browser = await launchChromium()
  const open = async (port: number, screen: typeof terminalScreen) => {
    const context = await browser.newContext(screen)
    const page = await context.newPage()
    page.setDefaultTimeout(PAGE_TIMEOUT_MS)
    await page.goto(`http://127.0.0.1:${port}/`)
    return page
  }
  const dockUrl = `http://127.0.0.1:${basePort + 3}`
  const state = async () => (await (await fetch(`${dockUrl}/dock/state`)).json()) as DockState
  return {
    terminal: await open(basePort, terminalScreen),
    pad: await open(basePort + 4, padScreen),
    dockUrl,
    askAtWindow: (body) =>
      fetch(`http://127.0.0.1:${basePort + 1}/window/v1/evaluations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${demo.windowToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    state,
    async dock(action) {
      const response = await fetch(`${dockUrl}/dock/actions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(action),
      })
      if (!response.ok) throw new Error(`the dock refused ${action.type}: ${await response.text()}`)
      return (await response.json()) as DockState
    },
    async until(what, isSo, withinMs = 10_000) {
      const deadline = performance.now() + withinMs
      for (;;) {
        const now = await state()
        if (isSo(now)) return now
        if (performance.now() > deadline) throw new Error(`not in time: ${what}`)
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      }
    },
    async close() {
      await browser.close()
      await demo.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

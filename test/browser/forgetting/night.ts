/** A night at the demonstration's terminal that can be looked into: its folder, its memory, its browser's profile. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import type { TerminalState } from '../../../device/http/contract.ts'
import type { DockAction } from '../../../scripts/demo/contract.ts'
import { startDemo } from '../../../scripts/demo/demo.ts'
import { freeBasePort } from '../../free-ports.ts'
import { launchWithProfile } from '../chromium.ts'
import { heapOfPage, heapsOfProcess, WHOLE_STRINGS } from './heaps.ts'
import { type Planted, tracesBelow, tracesIn } from './traces.ts'

/** ui/shared/button.svelte */
const NEXT_TAP_MS = 650
const LOOK_EVERY_MS = 100
/** On a busy machine. */
const READY_WITHIN_MS = 20_000
const PAGE_TIMEOUT_MS = 15_000
/** Any free port, on this machine only. */
const INSPECTED = '--inspect=127.0.0.1:0'

export interface Night {
  page: Page
  touch(name: string | RegExp): Promise<void>
  /** A tap where the last one was: it is not for the next page before the last one is surely over. */
  touchSamePlace(name: string | RegExp): Promise<void>
  sees(words: string | RegExp): Promise<void>
  seesView(name: string): Promise<void>
  /** What the device has to show; it is read beside the page. */
  view(): Promise<TerminalState['view']>
  dock(action: DockAction): Promise<void>
  /** What is found in the memory of the device, of its worker threads and of the page, and in the page itself. */
  inMemory(planted: Planted): Promise<{ places: string[]; found: string[] }>
  /** What is found in the page's memory alone, while somebody is there. */
  inPage(planted: Planted): Promise<string[]>
  /** What is found in the device's folder with its database and spool, in the logs, and in the browser's profile. */
  onDisk(planted: Planted): Promise<string[]>
  close(): Promise<void>
}

export async function openNight(): Promise<Night> {
  await using starting = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'window24-night-'))
  starting.defer(() => rmSync(folder, { recursive: true, force: true }))
  const [dataDir, profile] = [join(folder, 'data'), join(folder, 'profile')]
  mkdirSync(dataDir)
  const basePort = await freeBasePort()
  const before = process.env.NODE_OPTIONS
  process.env.NODE_OPTIONS = INSPECTED
  const demo = await startDemo({ dataDir, basePort, dev: false }).finally(() => {
    if (before === undefined) delete process.env.NODE_OPTIONS
    else process.env.NODE_OPTIONS = before
  })
  starting.defer(() => demo.close())
  const context = await launchWithProfile(profile, [`--js-flags=${WHOLE_STRINGS}`])
  starting.defer(() => context.close())
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(PAGE_TIMEOUT_MS)
  await page.goto(`http://127.0.0.1:${basePort}/`)

  await untilReady(page.url())

  const log = (): string => readFileSync(join(dataDir, 'terminal.log'), 'utf8')
  const inspector = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(log())?.[0]
  if (inspector === undefined) throw new Error('the terminal opened no inspector')
  const parts = starting.move()
  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' })
  return {
    page,
    touch: (name) => button(name).tap(),
    async touchSamePlace(name) {
      await button(name).waitFor()
      await wait(NEXT_TAP_MS)
      await button(name).tap()
    },
    sees: (words) => page.getByText(words).first().waitFor(),
    seesView: (name) => page.locator(`[data-view="${name}"]`).waitFor(),
    view: async () => (await stateOf(page.url())).view,
    async dock(action) {
      const response = await fetch(`http://127.0.0.1:${basePort + 3}/dock/actions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(action),
      })
      if (!response.ok) throw new Error(`the dock refused ${action.type}`)
    },
    inPage: async (planted) => tracesIn(await heapOfPage(page), planted),
    async inMemory(planted) {
      const screen = Buffer.from(JSON.stringify([await page.content(), await storedIn(page), page.url()]))
      const places = { ...(await heapsOfProcess(inspector)), page: await heapOfPage(page), screen }
      const found = Object.entries(places).flatMap(([where, bytes]) =>
        tracesIn(bytes, planted).map((trace) => `${where}: ${trace}`),
      )
      return { places: Object.keys(places), found }
    },
    async onDisk(planted) {
      const kept = await tracesBelow(join(dataDir, 'terminal'), planted)
      const browser = await tracesBelow(profile, planted)
      return [...kept, ...tracesIn(Buffer.from(log()), planted).map((trace) => `log: ${trace}`), ...browser]
    },
    close: () => parts.disposeAsync(),
  }
}

const stateOf = async (url: string): Promise<TerminalState> =>
  (await fetch(new URL('/api/state', url))).json() as Promise<TerminalState>

/** With its hall and all that is attached; the browser has every page of the terminal by then. */
const untilReady = async (url: string): Promise<void> => {
  const deadline = performance.now() + READY_WITHIN_MS
  while (performance.now() < deadline) {
    const { hall, line, peripherals } = await stateOf(url)
    if (hall !== null && line.online && Object.values(peripherals).every(({ state }) => state === 'ready'))
      return
    await wait(LOOK_EVERY_MS)
  }
  throw new Error('the terminal has not become ready')
}

/** Everything that a page can lay by in its browser. */
const storedIn = async (page: Page): Promise<unknown> => [
  await page.evaluate(`(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
  }))()`),
  await page.context().cookies(),
]

/** A night at a terminal that can be looked into: its folder, its log, its memory, its browser's profile. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { TerminalState } from '../../../device/http/contract.ts'
import type { SimulatedCard } from '../../../drivers/simulators/id-reader.ts'
import { demoCard } from '../../device/support/house.ts'
import { fingerOn, standsOn } from '../bench/screen.ts'
import { launchWithProfile } from '../chromium.ts'
import { heapOfPage, heapsOfProcess, WHOLE_STRINGS } from './heaps.ts'
import { type NightTerminal, startNightTerminal } from './terminal.ts'
import { type Planted, tracesBelow, tracesIn } from './traces.ts'

/** On a busy machine. */
const PAGE_TIMEOUT_MS = 15_000

export interface Night {
  terminal: NightTerminal
  page: Page
  touch(name: string | RegExp): Promise<void>
  sees(words: string | RegExp): Promise<void>
  /** With the parts that make it whole. */
  seesView(name: string): Promise<void>
  /** What the device has to show, once that is this page. */
  view<Name extends TerminalState['view']['name']>(
    name: Name,
  ): Promise<Extract<TerminalState['view'], { name: Name }>>
  putCard(card: string | SimulatedCard): Promise<SimulatedCard>
  liftCard(): void
  /** What is found in the memory of the device, of its worker threads and of the page, and in the page itself. */
  inMemory(planted: Planted): Promise<{ places: string[]; found: string[] }>
  /** What is found in the page's memory, in what it shows, and in what it keeps in its browser. */
  inPage(planted: Planted): Promise<string[]>
  /**
   * What is found in the device's folder with its database and spool, in the log, and in the profile that the browser
   * leaves: it is closed, for only then all that it keeps is there.
   */
  onDisk(planted: Planted): Promise<string[]>
  close(): Promise<void>
}

export async function openNight(): Promise<Night> {
  await using starting = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'window24-night-'))
  starting.defer(() => rmSync(folder, { recursive: true, force: true }))
  const profile = join(folder, 'profile')
  const [terminal, context] = await Promise.all([
    startNightTerminal(folder, starting),
    launchWithProfile(profile, [`--js-flags=${WHOLE_STRINGS}`]),
  ])
  starting.defer(() => context.close())
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(PAGE_TIMEOUT_MS)
  await page.goto(terminal.url)
  const parts = starting.move()

  const placesOfPage = async (): Promise<Record<string, Buffer>> => ({
    page: await heapOfPage(page),
    screen: Buffer.from(JSON.stringify([await page.content(), await storedIn(page), page.url()])),
  })
  return {
    terminal,
    page,
    touch: fingerOn(page).touch,
    sees: (words) => standsOn(page, page.getByText(words).first()),
    seesView: (name) => standsOn(page, page.locator(`[data-view="${name}"]:has(*)`)),
    async view(name) {
      const { view } = await terminal.until((state) => state.view.name === name)
      return view as Extract<TerminalState['view'], { name: typeof name }>
    },
    async putCard(card) {
      const whose = typeof card === 'string' ? await demoCard(card) : card
      terminal.peripherals.reader.placeCard(whose)
      return whose
    },
    liftCard: () => terminal.peripherals.reader.liftCard(),
    inPage: async (planted) => foundIn(await placesOfPage(), planted),
    async inMemory(planted) {
      const places = { ...(await heapsOfProcess(terminal.inspector())), ...(await placesOfPage()) }
      return { places: Object.keys(places), found: foundIn(places, planted) }
    },
    async onDisk(planted) {
      await context.close()
      const kept = await tracesBelow(terminal.dataDir, planted)
      const logged = tracesIn(Buffer.from(terminal.log()), planted).map((trace) => `log: ${trace}`)
      return [...kept, ...logged, ...(await tracesBelow(profile, planted))]
    },
    close: () => parts.disposeAsync(),
  }
}

const foundIn = (places: Record<string, Buffer>, planted: Planted): string[] =>
  Object.entries(places).flatMap(([where, bytes]) =>
    tracesIn(bytes, planted).map((trace) => `${where}: ${trace}`),
  )

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

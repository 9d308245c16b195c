import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import type { Preferences, TerminalState } from '../../../device/http/contract.ts'
import { SESSION_TIMINGS } from '../../../device/session/session.ts'
import type { SessionTimings } from '../../../device/session/state.ts'
import { READER_TIMINGS } from '../../../drivers/id-reader/timings.ts'
import type { SimulatedCard } from '../../../drivers/simulators/id-reader.ts'
import type { SimulatedReceipt } from '../../../drivers/simulators/receipt-printer.ts'
import { demoCard, deviceJson, temporaryFolder } from '../../device/support/house.ts'
import * as device from '../../device/support/screen.ts'
import { terminalScreen } from '../chromium.ts'
import { type HallBench, hallAndLine, type LineBench, lineOf } from './hall.ts'
import { type PeripheralsBench, startPeripheralsBench } from './peripherals.ts'
import { openTouchScreen, type TouchScreen } from './screen.ts'
import { startTerminalDevice } from './terminal-device.ts'
import { openTray, type Tray } from './trays.ts'

/** Long enough to be seen by a test. That it is 8 s for a citizen is shown where the session's timers are. */
const ENDING_MS = 250

/** A lift is seen at the reader's next question; a card that is known at the end counts as left behind. */
const LIFT_IS_SEEN_MS = 2 * READER_TIMINGS.pollIntervalMs
/** Past device/session/left-card.ts: then the same card means something again. */
const LEFT_CARD_IS_FORGOTTEN_MS = 3_500

/** Past the driver's own 2 s. */
const SAME_SCAN_MS = 2_200

const HALF_A_NIGHT_HOURS = 6
const MS_PER_HOUR = 3_600_000

export interface TerminalOptions {
  /** One that others share; its own otherwise. */
  hall?: HallBench
  /** Another than Chinese, or any further wish, is made as by a touch: the terminal stands at home then. */
  language?: Preferences['language']
  largeType?: boolean
  highContrast?: boolean
  reach?: boolean
  theme?: TerminalState['theme']
  /** Which printers it has; both unless told otherwise. */
  printers?: 'both' | 'receipt' | 'a4' | 'none'
  reader?: boolean
  scanner?: boolean
  /** `down`: it was cut once the terminal had its content. */
  line?: 'up' | 'down'
  /** A citizen's own, but for the neutral page at the end. */
  timings?: Partial<SessionTimings>
  /** Arguments of Node for a process of its own; in the test's own otherwise. */
  ownProcess?: string[]
}

export interface TerminalBench extends TouchScreen {
  hall: HallBench
  line: LineBench
  /** What the device says of itself, to wait for. */
  device: device.TestScreen<TerminalState>
  /** For what goes wrong: paper, jam, cover, wire, unplug. */
  peripherals: PeripheralsBench
  putCard(card: string | SimulatedCard): Promise<void>
  liftCard(): void
  scan(code: string | Uint8Array): void
  receipts: Tray<SimulatedReceipt>
  /** The PDFs that the A4 printer was given. */
  papers: Tray<Uint8Array>
  /** Takes the card away, ends as 结束 does, and waits for the rest page: the next person may come. */
  end(): Promise<void>
  /** Where it keeps everything. */
  dataDir: string
  /** Of a terminal in a process of its own. */
  child: ChildProcess | null
}

export async function openTerminal(options: TerminalOptions = {}): Promise<TerminalBench> {
  const { printers = 'both', reader = true, scanner = true, theme = 'night' } = options
  await using starting = new AsyncDisposableStack()
  const { hall, wire } = await hallAndLine(options.hall, starting)
  const attached = {
    reader,
    scanner,
    receiptPrinter: printers === 'both' || printers === 'receipt',
    pagePrinter: printers === 'both' || printers === 'a4',
  }
  const peripherals = await startPeripheralsBench(attached, starting)
  const dataDir = await temporaryFolder(starting)
  const json = deviceJson({
    role: 'terminal',
    hallUrl: wire.url,
    enrolmentCode: hall.createEnrolmentCode(),
    peripherals: peripherals.configuration,
  })
  const terminal = await startTerminalDevice({
    configuration: { ...json, screen: { listen: '127.0.0.1:0', diagonalInches: 27, night: nightFor(theme) } },
    dataDir,
    sessionTimings: { ...SESSION_TIMINGS, ending: ENDING_MS, ...options.timings },
    ownProcess: options.ownProcess ?? null,
  })
  starting.defer(() => terminal.close())
  const told = await device.openTerminal(terminal.screenUrl)
  starting.defer(() => told.close())
  const [screen] = await Promise.all([
    openTouchScreen(terminal.screenUrl, terminalScreen),
    told.until((state) => isReady(state, Object.keys(peripherals.configuration))),
  ])
  starting.defer(() => screen.close())
  if (options.line === 'down') {
    wire.set('cut')
    await told.until((state) => !state.line.online)
  }
  const wishes = wishesOf(options)
  if (Object.keys(wishes).length > 0) {
    await told.act({ type: 'prefer', preferences: wishes })
    await screen.seesView('home')
  }
  const parts = starting.move()
  let cardLies = false
  /** When each code is or was held there last. */
  const scannedAtMs = new Map<string | Uint8Array, number>()
  const liftCard = (): void => {
    peripherals.reader.liftCard()
    cardLies = false
  }
  return {
    ...screen,
    hall,
    line: lineOf(wire, told),
    device: told,
    peripherals,
    async putCard(card) {
      const whose = typeof card === 'string' ? await demoCard(card) : card
      peripherals.reader.placeCard(whose)
      cardLies = true
    },
    liftCard,
    scan(code) {
      // The same code again is the same scan for a while: a person who means it holds it there again later.
      const nowMs = performance.now()
      const atMs = Math.max(nowMs, (scannedAtMs.get(code) ?? -SAME_SCAN_MS) + SAME_SCAN_MS)
      scannedAtMs.set(code, atMs)
      setTimeout(() => peripherals.scanner.scan(code), atMs - nowMs)
    },
    receipts: openTray('a receipt', peripherals.receiptPrinter.onReceipt),
    papers: openTray('a page', peripherals.pagePrinter.onPages),
    async end() {
      if (cardLies) {
        liftCard()
        await wait(LIFT_IS_SEEN_MS)
      }
      if (told.state().view.name !== 'rest') {
        const ending = told.untilView('ending')
        await told.act({ type: 'end' })
        if ((await ending).view.cardOnReader) await wait(LEFT_CARD_IS_FORGOTTEN_MS)
        await told.untilView('rest')
      }
      await screen.seesView('rest')
    },
    dataDir,
    child: terminal.child,
    close: () => parts.disposeAsync(),
  }
}

/** It is the middle of a night, or of a day, now. */
function nightFor(theme: TerminalState['theme']): { from: string; to: string } {
  const at = (hours: number): string => {
    const time = new Date(Date.now() + hours * MS_PER_HOUR)
    return [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':')
  }
  const [before, after] = [at(-HALF_A_NIGHT_HOURS), at(HALF_A_NIGHT_HOURS)]
  return theme === 'night' ? { from: before, to: after } : { from: after, to: before }
}

/** Enrolled, with the hall's content, and with everything that is attached. */
const isReady = ({ view, line, hall, peripherals }: TerminalState, attached: string[]): boolean =>
  view.name === 'rest' &&
  line.online &&
  hall !== null &&
  attached.every((name) =>
    Object.entries(peripherals).some(([one, { state }]) => one === name && state === 'ready'),
  )

function wishesOf({ language, largeType, highContrast, reach }: TerminalOptions): Partial<Preferences> {
  return {
    ...(language !== undefined && language !== 'zh' && { language }),
    ...(largeType && { largeType }),
    ...(highContrast && { highContrast }),
    ...(reach && { reach }),
  }
}

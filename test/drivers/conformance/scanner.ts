import { type Scan, superviseScanner } from '../../../drivers/scanner/driver.ts'
import type { SimulatedHidBus } from '../../../drivers/simulators/hid-bus.ts'
import { type ScannerSimulator, startScannerSimulator } from '../../../drivers/simulators/scanner.ts'
import { plugHidScanner } from '../../../drivers/simulators/scanner-hid.ts'
import { until } from '../support.ts'
import { pathOf } from './id-reader.ts'
import {
  type Bench,
  NOTHING_BEGUN,
  type Place,
  pause,
  ptyPlace,
  type Settle,
  type Subject,
  tcpPlace,
  wireTrouble,
} from './subject.ts'

const SCAN_MS = 6000
/** Fits no single HID report, and half of it looks like a whole one. */
const LONG_CODE = `https://hall.example/cases?number=${'330099'.repeat(20)}`
/** Well within the silence that ends a code without a suffix. */
const PIECE = { kind: 'split', bytes: 10, gapMs: 20 } as const
const SOME_PIECES_MS = 70
const ALL_BUT_THE_FIRST = [1, 2, 3, 4, 5]
const GARBAGE_EVERY_MS = 15
const REPORT_BYTES = 64

const common = {
  states: ['waiting for a code', 'hearing a code'],
  countsFrames: true,
  absence: 'cannot-open',
} as const

function overWire(name: string, place: () => Promise<Place>, profile?: string): Subject {
  return {
    ...common,
    name: `${profile === undefined ? '' : `${profile} `}scanner over ${name}`,
    comesBackRenamed: place === ptyPlace,
    canBeAsked: profile !== undefined,
    worksThrough: ['split', 'merged', 'slow', 'doubled'],
    survives: ['noise', 'stalled', 'half-open'],
    start: async (cable) => {
      const at = await place()
      const simulator = await startScannerSimulator({ listen: at.listen, ...(profile && { profile }) })
      if (cable === 'out') await simulator.unplug()
      const scanner = superviseScanner({ driver: 'serial', port: simulator.port, profile })
      return new ScannerBench(simulator, scanner, at, () => {
        const mend = simulator.faults.add(PIECE)
        simulator.scan(LONG_CODE)
        return mend
      })
    },
  }
}

function overHid(bus: SimulatedHidBus): Subject {
  return {
    ...common,
    name: 'scanner over hid-pos',
    comesBackRenamed: true,
    canBeAsked: false,
    worksThrough: ['doubled'],
    survives: ['garbage', 'stalled', 'half-open'],
    start: async (cable) => {
      const simulator = plugHidScanner({ bus })
      if (cable === 'out') await simulator.unplug()
      const scanner = superviseScanner({ driver: 'hid-pos', port: simulator.port })
      const place = { innerName: () => pathOf(bus, simulator.port), remove: async () => {} }
      const garbage = (): (() => void) => {
        let count = 0
        const timer = setInterval(() => {
          count += 1
          simulator.send(
            Uint8Array.from({ length: REPORT_BYTES }, (_, index) => (count * 89 + index * index) & 0xff),
          )
        }, GARBAGE_EVERY_MS)
        return () => clearInterval(timer)
      }
      return new ScannerBench(simulator, scanner, { ...place, garbage }, () => {
        simulator.scan(LONG_CODE, { lost: ALL_BUT_THE_FIRST })
        return () => {}
      })
    },
  }
}

export function scanners(bus: SimulatedHidBus): Subject[] {
  return [
    overWire('tcp', tcpPlace),
    overWire('serial', ptyPlace),
    overWire('tcp', tcpPlace, 'zebra-ssi'),
    overHid(bus),
  ]
}

interface Surroundings extends Pick<Place, 'innerName' | 'remove'> {
  /** Reports that are none, until it is ended. */
  garbage?: () => () => void
}

class ScannerBench implements Bench {
  readonly peripheral
  #simulator: ScannerSimulator
  #place: Surroundings
  #scanHalf: () => () => void
  #scans: Scan[] = []
  #shown: string[] = []
  /** Nothing tells a code from noise but its look: what came meanwhile is not judged. */
  #isNoisy = false

  constructor(
    simulator: ScannerSimulator,
    scanner: ReturnType<typeof superviseScanner>,
    place: Surroundings,
    scanHalf: () => () => void,
  ) {
    this.#simulator = simulator
    this.#place = place
    this.#scanHalf = scanHalf
    this.peripheral = scanner
    scanner.onScan((scan) => this.#scans.push(scan))
  }

  errors(): readonly string[] {
    return this.#simulator.errors
  }

  wrong(): string[] {
    const texts = this.#texts()
    const foreign = this.#isNoisy ? [] : texts.filter((text) => !this.#shown.includes(text))
    const doubled = this.#shown.filter((code) => texts.filter((text) => text === code).length > 1)
    return [
      ...foreign.map((text) => `scanned by nobody: ${text}`),
      ...doubled.map((code) => `twice: ${code}`),
    ]
  }

  async work(): Promise<void> {
    await until('it reads', () => this.#simulator.isConnected() && this.#simulator.isReading(), SCAN_MS)
    const code = this.#scan()
    await until(`${code} is scanned`, () => this.#texts().includes(code), SCAN_MS)
  }

  meanwhile(): void {
    this.#scan()
  }

  async enter(state: string): Promise<Settle> {
    if (state !== 'hearing a code') return NOTHING_BEGUN
    const mend = this.#scanHalf()
    await pause(SOME_PIECES_MS)
    return async () => mend()
  }

  trouble(kind: Parameters<Bench['trouble']>[0]): () => void {
    this.#isNoisy ||= kind === 'noise' || kind === 'garbage'
    if (kind === 'garbage' && this.#place.garbage !== undefined) return this.#place.garbage()
    return wireTrouble(this.#simulator.faults, kind)
  }

  innerName = (): string | undefined => this.#place.innerName()
  unplug = (): Promise<void> => this.#simulator.unplug()
  plug = (): Promise<void> => this.#simulator.plug()

  async close(): Promise<void> {
    await this.peripheral.close()
    await this.#simulator.close()
    await this.#place.remove()
  }

  #scan(): string {
    const code = `330099${String(this.#shown.length).padStart(6, '0')}`
    this.#shown.push(code)
    this.#simulator.scan(code)
    return code
  }

  #texts(): string[] {
    return this.#scans.flatMap((scan) => (scan.kind === 'scanned' ? [scan.text] : []))
  }
}

import { expect } from 'vitest'
import { superviseKeypad } from '../../../drivers/keypad/driver.ts'
import { type KeypadSimulator, startKeypadSimulator } from '../../../drivers/simulators/keypad.ts'
import { until } from '../support.ts'
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

const KEY_MS = 6000
const KEYS = 5
/** Longer than the debounce: a press of its own. */
const ANOTHER_FINGER_MS = 120

function overWire(name: string, place: () => Promise<Place>): Subject {
  return {
    name: `keypad over ${name}`,
    comesBackRenamed: place === ptyPlace,
    states: ['asking', 'at rest'],
    canBeAsked: false,
    countsFrames: true,
    absence: 'cannot-open',
    worksThrough: ['split', 'merged', 'slow', 'doubled'],
    survives: ['noise', 'lost bytes', 'turned bits', 'stalled', 'half-open'],
    start: async (cable) => {
      const at = await place()
      const simulator = await startKeypadSimulator({ listen: at.listen, awake: true })
      if (cable === 'out') await simulator.unplug()
      return new KeypadBench(simulator, at)
    },
  }
}

export function keypads(): Subject[] {
  return [overWire('tcp', tcpPlace), overWire('serial', ptyPlace)]
}

class KeypadBench implements Bench {
  readonly peripheral
  #simulator: KeypadSimulator
  #place: Place
  #heard: number[] = []
  #pressed: number[] = []

  constructor(simulator: KeypadSimulator, place: Place) {
    this.#simulator = simulator
    this.#place = place
    this.peripheral = superviseKeypad({ driver: 'ff68', port: simulator.port })
    this.peripheral.onKey((key) => this.#heard.push(key))
  }

  errors(): readonly string[] {
    return this.#simulator.errors
  }

  /** A press may be lost on a bad line, and is then made again; it is never heard twice or as another. */
  wrong(): string[] {
    let at = 0
    for (const key of this.#heard) {
      at = this.#pressed.indexOf(key, at) + 1
      if (at === 0) return [`keys ${this.#heard.join(' ')} heard, ${this.#pressed.join(' ')} pressed`]
    }
    return []
  }

  async work(): Promise<void> {
    const before = this.#heard.length
    const thanks = this.#simulator.acknowledgements()
    this.peripheral.startRating()
    await until('it asks', () => this.#simulator.asking(), KEY_MS)
    this.#press()
    await until('the key is heard', () => this.#heard.length > before, KEY_MS)
    // One press counts: another finger, before the thanks, is nothing.
    await pause(ANOTHER_FINGER_MS)
    this.#simulator.press(this.#pressed.length % KEYS)
    await pause(ANOTHER_FINGER_MS)
    this.peripheral.acknowledge()
    await until('thanks are said', () => this.#simulator.acknowledgements() > thanks, KEY_MS)
    expect(this.#heard.slice(before)).toEqual(this.#pressed.slice(-1))
  }

  async enter(state: string): Promise<Settle> {
    if (state !== 'asking') return NOTHING_BEGUN
    this.peripheral.startRating()
    await until('it asks', () => this.#simulator.asking(), KEY_MS)
    const { reopens } = this.peripheral.counters()
    const starts = this.#simulator.starts()
    return async () => {
      // The unit has power of its own and asks on without a driver: a press before it is there goes nowhere.
      if (this.peripheral.counters().reopens > reopens) {
        const before = this.#heard.length
        await until('it is asked again', () => this.#simulator.starts() > starts, KEY_MS)
        this.#press()
        await until('the key is heard', () => this.#heard.length > before, KEY_MS)
      }
      this.peripheral.stopRating()
    }
  }

  meanwhile(): void {
    this.#press()
  }

  trouble: Bench['trouble'] = (kind) => wireTrouble(this.#simulator.faults, kind)
  innerName = (): string | undefined => this.#place.innerName()
  unplug = (): Promise<void> => this.#simulator.unplug()
  plug = (): Promise<void> => this.#simulator.plug()

  async close(): Promise<void> {
    await this.peripheral.close()
    await this.#simulator.close()
    await this.#place.remove()
  }

  #press(): void {
    const key = this.#pressed.length % KEYS
    this.#pressed.push(key)
    expect(this.#simulator.press(key)).toBe(true)
  }
}

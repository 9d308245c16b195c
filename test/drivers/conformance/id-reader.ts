import { expect } from 'vitest'
import { type CardEvent, superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import type { SimulatedHidBus } from '../../../drivers/simulators/hid-bus.ts'
import {
  type IdReaderSimulator,
  type SimulatedCard,
  startIdReaderSimulator,
} from '../../../drivers/simulators/id-reader.ts'
import { startHidIdReaderSimulator } from '../../../drivers/simulators/id-reader-hid.ts'
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

const CARD: SimulatedCard = {
  name: '张小雨',
  sex: 'female',
  ethnicGroup: '汉',
  birth: '1988-03-12',
  address: '浙江省云溪区灯火巷1号',
  number: '330099198803120028',
  issuer: '云溪区公安分局',
  validFrom: '2020-01-01',
  validTo: '长期',
}

/** A find, a select and half of the answer to the read at 9600 baud; a HID reader thinks as long instead. */
const IN_THE_MIDDLE_MS = 800
const THINKING_MS = 200
/** Three bytes at a time a card takes a second and more; where nothing has a processor for itself, many. */
const EVENT_MS = 25_000

const common = {
  states: ['reading a card', 'looking for a card', 'watching a card'],
  canBeAsked: true,
  countsFrames: true,
  absence: 'cannot-open',
} as const

function overWire(name: string, place: () => Promise<Place>): Subject {
  return {
    ...common,
    name: `id reader over ${name}`,
    comesBackRenamed: place === ptyPlace,
    worksThrough: ['split', 'merged', 'slow', 'doubled'],
    survives: ['noise', 'lost bytes', 'turned bits', 'stalled', 'half-open'],
    start: async (cable) => {
      const at = await place()
      const simulator = await startIdReaderSimulator({ listen: at.listen })
      if (cable === 'out') await simulator.unplug()
      return new ReaderBench(simulator, at, () => simulator.faults.add({ kind: 'slow', baud: 9600 }))
    },
  }
}

function overHid(profile: 'hid-raw' | 'hid-wrapped', bus: SimulatedHidBus): Subject {
  return {
    ...common,
    name: `id reader over ${profile}`,
    comesBackRenamed: true,
    // Raw reports carry no number: one that comes twice is a broken frame like any other.
    worksThrough: profile === 'hid-raw' ? [] : ['doubled'],
    survives: ['noise', 'stalled', 'half-open', ...(profile === 'hid-raw' ? (['doubled'] as const) : [])],
    start: async (cable) => {
      const simulator = startHidIdReaderSimulator({ bus, profile })
      const innerName = (): string | undefined => pathOf(bus, simulator.port)
      if (cable === 'out') await simulator.unplug()
      return new ReaderBench(simulator, { innerName, remove: async () => {} }, () => {
        simulator.think(THINKING_MS)
        return () => simulator.think(0)
      })
    },
  }
}

export function idReaders(bus: SimulatedHidBus): Subject[] {
  return [
    overWire('tcp', tcpPlace),
    overWire('serial', ptyPlace),
    overHid('hid-raw', bus),
    overHid('hid-wrapped', bus),
  ]
}

/** The device node that a `hid:VID:PID` has just now. */
export function pathOf(bus: SimulatedHidBus, port: string): string | undefined {
  const [, vendorId = '', productId = ''] = port.split(':')
  return bus.library.devices(Number.parseInt(vendorId, 16), Number.parseInt(productId, 16))[0]?.path
}

class ReaderBench implements Bench {
  readonly peripheral
  #simulator: IdReaderSimulator
  #place: Pick<Place, 'innerName' | 'remove'>
  #slowDown: () => () => void
  #events: CardEvent[] = []
  #isDoubled = false

  constructor(
    simulator: IdReaderSimulator,
    place: Pick<Place, 'innerName' | 'remove'>,
    slowDown: () => () => void,
  ) {
    this.#simulator = simulator
    this.#place = place
    this.#slowDown = slowDown
    this.peripheral = superviseIdReader({ driver: 'sdt', port: simulator.port })
    this.peripheral.onCard((event) => this.#events.push(event))
  }

  /**
   * Answers do not say which question they are to. The second copy of one that comes late, as from a busy machine, can
   * be taken for that to the next question: the one after it is then asked while the reader still speaks.
   */
  errors(): readonly string[] {
    const { errors } = this.#simulator
    if (!this.#isDoubled) return errors
    return errors.filter((error) => error !== 'a request while an answer was still being sent')
  }

  wrong(): string[] {
    const wrong: string[] = []
    let lies = false
    for (const event of this.#events) {
      if (event.kind === 'placed') {
        if (lies) wrong.push('a card placed on a card')
        const card = event.card.reveal()
        if (card.name !== CARD.name || card.number !== CARD.number || card.warnings !== undefined) {
          wrong.push('a card that nobody placed')
        }
      }
      if (event.kind === 'lifted' && !lies) wrong.push('a card lifted that did not lie there')
      if (event.kind !== 'unreadable') lies = event.kind === 'placed'
    }
    return wrong
  }

  async work(): Promise<void> {
    const before = this.#events.length
    this.#simulator.placeCard(CARD)
    await until('the card is read', () => this.#events.length > before, EVENT_MS)
    this.#simulator.liftCard()
    await until('the card is gone', () => this.#events.length > before + 1, EVENT_MS)
    expect(this.#events.slice(before).map(({ kind }) => kind)).toEqual(['placed', 'lifted'])
  }

  async enter(state: string): Promise<Settle> {
    switch (state) {
      case 'watching a card':
        this.#simulator.placeCard(CARD)
        await until('the card is read', () => this.#lies(), EVENT_MS)
        return () => this.#lift()
      case 'reading a card': {
        const speedUp = this.#slowDown()
        this.#simulator.placeCard(CARD)
        await pause(IN_THE_MIDDLE_MS)
        expect(this.#lies()).toBe(false)
        return async () => {
          speedUp()
          await this.#lift()
        }
      }
      default:
        return NOTHING_BEGUN
    }
  }

  trouble: Bench['trouble'] = (kind) => {
    this.#isDoubled ||= kind === 'doubled'
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

  #lies(): boolean {
    return this.#events.at(-1)?.kind === 'placed'
  }

  /** A card that was being read may still be told of, and then it must be told of as lifted. */
  async #lift(): Promise<void> {
    await until('the reader works again', () => this.peripheral.status().state === 'ready', EVENT_MS)
    await until('what became of the card is told', () => this.#toldOf(), EVENT_MS)
    this.#simulator.liftCard()
    await until('the card is gone', () => !this.#lies(), EVENT_MS)
  }

  #toldOf(): boolean {
    const last = this.#events.at(-1)?.kind
    return last === 'placed' || last === 'unreadable'
  }
}

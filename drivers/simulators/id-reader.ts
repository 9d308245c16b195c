import { type CardText, encodeCard, type Sex } from '../id-reader/card.ts'
import * as frame from '../id-reader/frame.ts'
import { FrameParser } from '../id-reader/parser.ts'
import { Misuse } from './misuse.ts'
import { PacedOutput } from './paced-output.ts'
import { Wire } from './wire.ts'

/** A citizen's card in plain fields. Dates as `1990-01-31` or `19900131`; `validTo` may be 长期. */
export interface SimulatedCard {
  name: string
  sex: Sex
  /** By name, such as 汉. */
  ethnicGroup: string
  birth: string
  address: string
  number: string
  issuer: string
  validFrom: string
  validTo: string
}

export interface IdReaderSimulator {
  readonly port: string
  /** Illegal traffic from the driver. */
  readonly errors: readonly string[]
  placeCard(card: SimulatedCard | CardText): void
  liftCard(): void
  /** One reply gets a wrong checksum: the next one, or the next that carries a card's base data. */
  corruptNextFrame(which?: 'any' | 'base'): void
  /** The next readings of base data fail with 41, as when a card is moved on the plate. */
  failNextReads(times: number): void
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

export interface IdReaderSimulatorOptions {
  /** `tcp://127.0.0.1:PORT`; port 0 takes a free one. */
  listen: string
  /** Speed of the simulated line; default 115200. */
  baud?: number
  onError?: (error: string) => void
}

const DEFAULT_BAUD = 115_200
/** DEVICES §1.4: poll no faster. */
const SHORTEST_POLL_MS = 300
/** How late a request may be seen here on a busy machine. It is lent, not given: who polls faster is found out. */
const LATENESS_MS = 100
const BAUD_RATES = [115_200, 57_600, 38_400, 19_200, 9600]
const MANAGEMENT_NUMBER = Buffer.from('0123456789ABCDEF0123456789AB', 'latin1')
const SAM_ID = Uint8Array.of(5, 0, 3, 0, 0xd7, 0x06, 0x33, 0x01, 1, 0, 0, 0, 2, 0, 0, 0)
/** Stands in for the closed WLT format: the right size, and nobody's face. */
const PHOTO = Uint8Array.from({ length: frame.PHOTO_BYTES }, (_, index) => (index * 7 + 3) & 0xff)

/** A card on the plate and how far the reader has got with it (DEVICES §1.4). */
interface OnPlate {
  text: Uint8Array
  progress: 'fresh' | 'found' | 'selected' | 'read'
}

/** The other end of an SDT reader's cable. */
export async function startIdReaderSimulator(options: IdReaderSimulatorOptions): Promise<IdReaderSimulator> {
  const reader = new SimulatedReader(options.baud ?? DEFAULT_BAUD, options.onError)
  const wire = await Wire.listen(options.listen, {
    attached: () => reader.attached(),
    data: (chunk) => reader.take(chunk),
    detached: () => reader.detached(),
  })
  reader.send = (bytes) => wire.send(bytes)
  return {
    port: wire.port,
    errors: reader.misuse.errors,
    placeCard: (card) => {
      const text = 'kind' in card ? card : ({ kind: 'citizen', ...card } as const)
      reader.card = { text: encodeCard(text), progress: 'fresh' }
    },
    liftCard: () => {
      reader.card = undefined
    },
    corruptNextFrame: (which = 'any') => {
      reader.corrupt = which
    },
    failNextReads: (times) => {
      reader.failingReads = times
    },
    unplug: () => wire.unplug(),
    plug: () => wire.plug(),
    close: () => wire.unplug(),
  }
}

class SimulatedReader {
  readonly misuse: Misuse
  card: OnPlate | undefined
  corrupt: 'any' | 'base' | undefined
  failingReads = 0
  send: (bytes: Uint8Array) => void = () => {}
  #parser = new FrameParser()
  #output: PacedOutput
  #lastFindMs = Number.NEGATIVE_INFINITY
  #findDueMs = Number.NEGATIVE_INFINITY

  constructor(baud: number, onError?: (error: string) => void) {
    this.misuse = new Misuse(onError)
    this.#output = new PacedOutput(baud, (bytes) => this.send(bytes))
  }

  attached(): void {
    this.#parser = new FrameParser()
    this.#lastFindMs = Number.NEGATIVE_INFINITY
  }

  /** Readers live on their cable's power: without it they forget which card they have read. */
  detached(): void {
    this.#output.clear()
    if (this.card !== undefined) this.card.progress = 'fresh'
  }

  take(chunk: Uint8Array): void {
    const discarded = this.#parser.discardedBytes
    for (const request of this.#parser.push(chunk)) this.#answer(request)
    if (this.#parser.discardedBytes > discarded) this.misuse.record('bytes that are no frame')
  }

  #answer(request: Uint8Array): void {
    if (this.#output.busy) this.misuse.record('a request while an answer was still being sent')
    const content = frame.frameContent(request)
    const [command = 0, parameter = 0] = content
    if (content.length !== 2) this.misuse.record(`a request with ${content.length - 2} bytes of data`)
    this.#reply(...this.#work(command, parameter))
  }

  #work(command: number, parameter: number): [sw3: number, data?: Uint8Array] {
    switch ((command << 8) | parameter) {
      case 0x10ff:
        if (this.card !== undefined) this.card.progress = 'fresh'
        return [frame.DONE]
      case 0x11ff:
        return [frame.DONE]
      case 0x12ff:
        return [frame.DONE, SAM_ID]
      case 0x2001:
        return this.#find()
      case 0x2002:
        return this.#select()
      case 0x3001:
        return this.#readBase()
      case 0x3003:
        return [this.card?.progress === 'read' ? frame.NOT_ON_CARD : 0x41]
      case 0x3005:
        return this.card?.progress === 'read' ? [frame.DONE, MANAGEMENT_NUMBER] : [0x41]
      default:
        return this.#changeBaud(command, parameter)
    }
  }

  #find(): [number, Uint8Array?] {
    const now = performance.now()
    if (now < this.#findDueMs - LATENESS_MS) {
      this.misuse.record(`find asked again after ${Math.round(now - this.#lastFindMs)} ms`)
    }
    this.#findDueMs = Math.max(now, this.#findDueMs) + SHORTEST_POLL_MS
    this.#lastFindMs = now
    if (this.card === undefined || this.card.progress === 'read') return [frame.FIND_FAILED]
    this.card.progress = 'found'
    return [frame.CARD_FOUND, new Uint8Array(4)]
  }

  #select(): [number, Uint8Array?] {
    if (this.card === undefined || this.card.progress === 'read') return [frame.SELECT_FAILED]
    if (this.card.progress === 'fresh') {
      this.misuse.record('select before find')
      return [frame.SELECT_FAILED]
    }
    this.card.progress = 'selected'
    return [frame.DONE, new Uint8Array(8)]
  }

  #readBase(): [number, Uint8Array?] {
    if (this.card === undefined) return [0x41]
    if (this.card.progress !== 'selected') {
      this.misuse.record('read before select')
      return [0x41]
    }
    if (this.failingReads > 0) {
      this.failingReads -= 1
      this.card.progress = 'found'
      return [0x41]
    }
    this.card.progress = 'read'
    return [frame.DONE, Uint8Array.of(1, 0, 4, 0, ...this.card.text, ...PHOTO)]
  }

  #changeBaud(command: number, parameter: number): [number, Uint8Array?] {
    const baud = command === 0x60 ? BAUD_RATES[parameter] : undefined
    if (baud === undefined) {
      this.misuse.record(`unknown command ${command.toString(16)} ${parameter.toString(16)}`)
      return [0x21]
    }
    this.#output.baud = baud
    return [frame.DONE]
  }

  #reply(sw3: number, data?: Uint8Array): void {
    const reply = frame.encodeReply(sw3, data)
    const isBase = data !== undefined && data.length > frame.TEXT_BYTES
    if (this.corrupt === 'any' || (this.corrupt === 'base' && isBase)) {
      this.corrupt = undefined
      const last = reply.length - 1
      reply[last] = (reply[last] ?? 0) ^ 0x01
    }
    this.#output.write(reply)
  }
}

import type { CardText } from '../id-reader/card.ts'
import * as frame from '../id-reader/frame.ts'
import { TEXT_BYTES } from '../id-reader/parts.ts'
import type { RequestName } from '../id-reader/requests.ts'
import { READ_FAILED } from '../id-reader/sw3.ts'
import {
  type CardExtras,
  type SamAnswer,
  type SamQuirks,
  type SimulatedCard,
  SimulatedSam,
} from './id-reader-sam.ts'
import { Misuse } from './misuse.ts'
import { FaultyLine, type WireFaults } from './wire-faults.ts'

export interface IdReaderSimulator {
  readonly port: string
  /** Illegal traffic from the driver. */
  readonly errors: readonly string[]
  /** What is wrong with its cable. */
  readonly faults: WireFaults
  /** Puts a card on the plate, in place of one that lies there. */
  placeCard(card: SimulatedCard | CardText, extras?: CardExtras): void
  liftCard(): void
  /** One reply gets a wrong checksum: the next one, or the next that carries a card's base data. */
  corruptNextFrame(which?: 'any' | 'base'): void
  /** The next readings of base data fail with 41, as when a card is moved on the plate. */
  failNextReads(times: number): void
  /** The next answers carry this SW3: those to one request, or whatever is asked. */
  failNext(sw3: number, times?: number, at?: RequestName): void
  /** Whether the security module may work; without, it answers everything with 66. */
  authorise(on: boolean): void
  /** How long it thinks before each answer. */
  think(ms: number): void
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

/** What every simulated reader can be given, whatever its wire. */
export interface SimulatedReaderOptions {
  quirks?: SamQuirks
  onError?: (error: string) => void
}

/**
 * Before these have passed, nobody asks anew (DEVICES §1.4). Not the 5 s of a read: a reader that is still thinking
 * has not begun to answer, and so long nobody has to wait for that.
 */
const DEADLINES_MS: Record<number, number> = { 32: 2000, 48: 2500 }
const OTHER_DEADLINE_MS = 1000
const MANAGEMENT_NUMBER_DEADLINE_MS = 1000
const BASE_COMMANDS: readonly number[] = [0x01, 0x10]

/** A reader without its wire: requests in, replies out, with the time it takes over them. */
export class SimulatedReader {
  readonly misuse: Misuse
  readonly sam: SimulatedSam
  #corrupt: 'any' | 'base' | undefined
  #thinkMs = 0
  #thinking = new Set<NodeJS.Timeout>()
  #patientUntilMs = Number.NEGATIVE_INFINITY
  #reply: (bytes: Uint8Array, answer: SamAnswer) => void

  constructor(options: SimulatedReaderOptions, reply: (bytes: Uint8Array, answer: SamAnswer) => void) {
    this.misuse = new Misuse(options.onError)
    this.sam = new SimulatedSam(this.misuse, options.quirks)
    this.#reply = reply
  }

  /** One whole request frame. */
  take(request: Uint8Array): void {
    const now = performance.now()
    if (this.#thinking.size > 0 && now < this.#patientUntilMs) {
      this.misuse.record('a request before the deadline of the one that is being worked on')
    }
    const content = frame.frameContent(request)
    this.#patientUntilMs = now + deadlineMs(content)
    if (this.#thinkMs === 0) {
      this.#answer(content)
      return
    }
    const timer = setTimeout(() => {
      this.#thinking.delete(timer)
      this.#answer(content)
    }, this.#thinkMs)
    this.#thinking.add(timer)
  }

  /** The driver has gone: nothing that was being worked on is told to the next one. */
  forget(): void {
    for (const timer of this.#thinking) clearTimeout(timer)
    this.#thinking.clear()
  }

  /** All of a simulator's face that is not its wire's. */
  controls(): Omit<IdReaderSimulator, 'port' | 'faults' | 'plug' | 'unplug' | 'close'> {
    return {
      errors: this.misuse.errors,
      placeCard: (card, extras = {}) => this.sam.place(card, extras),
      liftCard: () => this.sam.lift(),
      corruptNextFrame: (which = 'any') => {
        this.#corrupt = which
      },
      failNextReads: (times) => this.sam.fail(READ_FAILED, times, 'read-base'),
      failNext: (sw3, times = 1, at) => this.sam.fail(sw3, times, at),
      authorise: (on) => {
        this.sam.authorised = on
      },
      think: (ms) => {
        this.#thinkMs = ms
      },
    }
  }

  #answer(content: Uint8Array): void {
    const answer = this.sam.answer(content)
    const reply = frame.encodeReply(answer.sw3, answer.data)
    const isBase = answer.data !== undefined && answer.data.length > TEXT_BYTES
    if (this.#corrupt === 'any' || (this.#corrupt === 'base' && isBase)) {
      this.#corrupt = undefined
      const last = reply.length - 1
      reply[last] = (reply[last] ?? 0) ^ 0x01
    }
    this.#reply(reply, answer)
  }
}

/**
 * A mouth before the cable: with `duplicate` whole replies are said twice, not the pieces in which a cable carries
 * them. Every other fault is the cable's.
 */
export function mouthBefore(
  cable: WireFaults,
  say: (reply: Uint8Array) => void,
): { speak(reply: Uint8Array): void; faults: WireFaults } {
  const mouth = new FaultyLine({ toDriver: say, toDevice: () => {}, crowded: () => {} })
  return {
    speak: (reply) => mouth.fromDevice(reply),
    faults: {
      add: (fault, timing) => {
        const isSaying = fault.kind === 'duplicate' && fault.towards !== 'device'
        if (!isSaying) return cable.add(fault, timing)
        const end = mouth.add({ kind: 'duplicate' }, timing)
        if (fault.towards !== 'both') return end
        const endOther = cable.add({ kind: 'duplicate', towards: 'device' }, timing)
        return () => {
          end()
          endOther()
        }
      },
      list: () => [...mouth.list(), ...cable.list()],
      clear: () => {
        mouth.clear()
        cable.clear()
      },
    },
  }
}

function deadlineMs([command = 0, parameter = 0]: Uint8Array): number {
  const readsLittle = command === 0x30 && !BASE_COMMANDS.includes(parameter)
  return readsLittle ? MANAGEMENT_NUMBER_DEADLINE_MS : (DEADLINES_MS[command] ?? OTHER_DEADLINE_MS)
}

import { Listeners } from '../listeners.ts'
import { Personal } from '../personal.ts'
import type { Peripheral } from '../status.ts'
import { type Attendance, type Ending, lineLost, supervise } from '../supervisor.ts'
import type { Connection } from '../transport/connection.ts'
import { openPort } from '../transport/open-port.ts'
import { decodeCard, type IdCard, withPhoto } from './card.ts'
import { baseParts, CARD_FOUND, DONE, describeSw3, FIND_FAILED, NOT_ON_CARD, SELECT_FAILED } from './frame.ts'
import { type Answer, ReaderLine } from './line.ts'
import { READER_TIMINGS, type ReaderTimings } from './timings.ts'

/**
 * A card lies there and was read, is gone again, or lies there and could not be read. `reason` is for technicians
 * and names no person. When the reader itself is lost, a placed card counts as lifted: nobody can see it any more.
 */
export type CardEvent =
  | { kind: 'placed'; card: Personal<IdCard> }
  | { kind: 'lifted' }
  | { kind: 'unreadable'; reason: string }

export interface IdReader extends Peripheral {
  onCard(listener: (event: CardEvent) => void): () => void
}

/** Keeps a resident ID card reader (SDT protocol) at work on its port. */
export function superviseIdReader(
  options: { driver: 'sdt'; port: string },
  timings: ReaderTimings = READER_TIMINGS,
): IdReader {
  const cards = new Listeners<CardEvent>()
  const peripheral = supervise<Connection>({
    port: options.port,
    open: (signal) => openPort(options.port, signal),
    attend: (connection, attendance) => attend(connection, attendance, cards, timings),
  })
  return {
    ...peripheral,
    onCard: (listener) => cards.add(listener),
    close: async () => {
      await peripheral.close()
      cards.clear()
    },
  }
}

/** What a step of the cycle found out about the line; anything but `answered` is a miss. */
type Step = 'answered' | Exclude<Answer['kind'], 'reply'>

type Reading = { kind: 'read'; card: IdCard } | { kind: 'no-card' } | { kind: 'failed'; reason: string }

async function attend(
  connection: Connection,
  attendance: Attendance,
  cards: Listeners<CardEvent>,
  timings: ReaderTimings,
): Promise<Ending> {
  const line = new ReaderLine(connection, attendance, timings)
  const cycle = new ReadingCycle(line, cards)
  let misses = 0
  try {
    // A reader whose SAM is out of order answers all the same: told apart from a dead line by asking it.
    const hello = await line.ask('sam-status')
    if (hello.kind === 'reply' && hello.reply.sw3 !== DONE) {
      return { reason: 'offline', detail: `SAM: ${describeSw3(hello.reply.sw3)}` }
    }
    let step: Step = hello.kind === 'reply' ? 'answered' : hello.kind
    for (;;) {
      if (attendance.signal.aborted || step === 'gone') return lineLost(connection, attendance.signal)
      if (step === 'answered') attendance.ready()
      if (step === 'answered') {
        misses = 0
      } else {
        misses += 1
        if (misses >= timings.missesBeforeReopen) return noAnswer(step)
      }
      step = await cycle.step()
    }
  } finally {
    line.stop()
    cycle.forget()
  }
}

function noAnswer(step: Step): Ending {
  return step === 'garbled'
    ? { reason: 'bad-frames', detail: 'bytes come, but no whole frame: check the speed and the cable' }
    : { reason: 'no-answer', detail: 'the port is open and the reader says nothing' }
}

/** Find, select, read, then watch until the card is lifted (DEVICES §1.4). */
class ReadingCycle {
  #line: ReaderLine
  #cards: Listeners<CardEvent>
  #phase: 'searching' | 'placed' | 'unreadable' = 'searching'

  constructor(line: ReaderLine, cards: Listeners<CardEvent>) {
    this.#line = line
    this.#cards = cards
  }

  step(): Promise<Step> {
    return this.#phase === 'placed' ? this.#watch() : this.#search()
  }

  /** The reader is lost: a card that lay there cannot be seen any more. */
  forget(): void {
    if (this.#phase === 'placed') this.#cards.emit({ kind: 'lifted' })
    this.#phase = 'searching'
  }

  async #search(): Promise<Step> {
    let reading = await this.#read()
    // After a failed read, reset once and begin again; a card already told of is only tried again.
    if (typeof reading !== 'string' && reading.kind === 'failed' && this.#phase === 'searching') {
      const reset = await this.#line.ask('reset-sam')
      if (reset.kind !== 'reply') return reset.kind
      reading = await this.#read(reading.reason)
    }
    if (typeof reading === 'string') return reading
    switch (reading.kind) {
      case 'no-card':
        this.#phase = 'searching'
        return 'answered'
      case 'read':
        this.#phase = 'placed'
        this.#cards.emit({ kind: 'placed', card: new Personal(reading.card) })
        return 'answered'
      case 'failed':
        if (this.#phase === 'searching') this.#cards.emit({ kind: 'unreadable', reason: reading.reason })
        this.#phase = 'unreadable'
        return 'answered'
    }
  }

  /** One find, select and read. A step in place of a reading is a miss of the line. */
  async #read(failedBefore?: string): Promise<Reading | Step> {
    const found = await this.#line.poll('find-card')
    if (found.kind !== 'reply') return found.kind
    if (found.reply.sw3 === FIND_FAILED) {
      // A reader that takes a card for read although we never got it says that there is none (§1.4).
      return failedBefore === undefined ? { kind: 'no-card' } : failed(failedBefore)
    }
    if (found.reply.sw3 !== CARD_FOUND) return failed(`find: ${describeSw3(found.reply.sw3)}`)

    const selected = await this.#line.ask('select-card')
    if (selected.kind !== 'reply') return selected.kind
    // Lifted between the two.
    if (selected.reply.sw3 === SELECT_FAILED) return { kind: 'no-card' }
    if (selected.reply.sw3 !== DONE) return failed(`select: ${describeSw3(selected.reply.sw3)}`)

    const base = await this.#line.ask('read-base')
    if (base.kind === 'gone') return 'gone'
    if (base.kind !== 'reply') return failed(`read: no whole answer (${base.kind})`)
    if (base.reply.sw3 !== DONE) return failed(`read: ${describeSw3(base.reply.sw3)}`)
    return decodeBase(base.reply.data)
  }

  /** `30 05` still answers while the card lies there; that it fails is the sign that it has left. */
  async #watch(): Promise<Step> {
    const answer = await this.#line.poll('card-management-number')
    if (answer.kind !== 'reply') return answer.kind
    // 91 comes from the card as well: it is there and has no such number.
    const present = answer.reply.sw3 === DONE || answer.reply.sw3 === NOT_ON_CARD
    if (!present) {
      this.#phase = 'searching'
      this.#cards.emit({ kind: 'lifted' })
    }
    return 'answered'
  }
}

function failed(reason: string): Reading {
  return { kind: 'failed', reason }
}

function decodeBase(data: Uint8Array): Reading {
  const parts = baseParts(data)
  if (parts === undefined) return failed('read: wrong size')
  const decoded = decodeCard(parts.text)
  const reading: Reading = decoded.ok
    ? { kind: 'read', card: withPhoto(decoded.card, parts.photo) }
    : failed(`read: ${decoded.fault}`)
  data.fill(0)
  return reading
}

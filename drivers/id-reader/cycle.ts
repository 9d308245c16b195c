import { createHmac, randomBytes } from 'node:crypto'
import type { Listeners } from '../listeners.ts'
import { Personal } from '../personal.ts'
import { ANSWERED, ask, poll, type Step } from './asking.ts'
import { type IdCard, picturesOf } from './card.ts'
import type { ReaderLine } from './line.ts'
import { CardReading, type ReadingOptions } from './reading.ts'
import * as sw3s from './sw3.ts'

/**
 * A card lies there and was read, is gone again, or lies there and could not be read. `reason` is for technicians
 * and names no person. When the reader itself is lost, a placed card counts as lifted: nobody can see it any more.
 */
export type CardEvent =
  | { kind: 'placed'; card: Personal<IdCard> }
  | { kind: 'lifted' }
  | { kind: 'unreadable'; reason: string }

/**
 * So often in a row a find has to fail before a card that could not be read counts as gone: at the poll interval
 * about a second. One that lies badly is found and lost in turns, and is told of once.
 */
const ABSENCES_BEFORE_GONE = 4

/**
 * Answers to `30 05` that fit neither a card nor its absence, or name another card. One may be damage on the line:
 * a checksum by XOR misses some.
 */
const DOUBTS_BEFORE_LIFTED = 2

/** Find, select, read, then watch until the card is lifted (DEVICES §1.4). */
export class ReadingCycle {
  #line: ReaderLine
  #reading: CardReading
  #cards: Listeners<CardEvent>
  #phase: 'searching' | 'placed' | 'unreadable' = 'searching'
  /**
   * A card may lie there that was read for nobody who still knows it: before a restart, before the line was lost
   * or while it said nothing, or exchanged between two polls. Find and select deny such a card until it is lifted (§1.4).
   */
  #mayBeLeft = true
  #hasFoundNone = false
  #absences = 0
  #doubts = 0
  /** Of the management number only a digest is kept, by a key that nobody else ever has. */
  #numberKey = randomBytes(32)
  #numberDigest: Buffer | undefined
  /** Of the card that lies there, to wipe them; its words are nobody's here once they were told. */
  #pictures: Uint8Array[] = []

  constructor(line: ReaderLine, cards: Listeners<CardEvent>, options: ReadingOptions) {
    this.#line = line
    this.#reading = new CardReading(line, options)
    this.#cards = cards
  }

  step(): Promise<Step> {
    if (this.#phase === 'placed') return this.#watch()
    return this.#hasFoundNone && this.#mayBeLeft ? this.#lookForLeftCard() : this.#search()
  }

  /** The reader is lost: a card that lay there cannot be seen any more. */
  forget(): void {
    if (this.#phase === 'placed') this.#lifted()
    this.#phase = 'searching'
  }

  async #search(): Promise<Step> {
    let reading = await this.#reading.read()
    // After a failed read, reset once and begin again; a card already told of is only tried again.
    if (reading.kind === 'failed' && this.#phase === 'searching') {
      const again = await this.#reading.resetAndRead()
      // A reader that takes a card for read although we never got it says that there is none.
      if (again.kind !== 'no-card') reading = again
    }
    switch (reading.kind) {
      case 'no-card':
        this.#hasFoundNone = true
        this.#absences += 1
        if (this.#absences >= ABSENCES_BEFORE_GONE) this.#phase = 'searching'
        return ANSWERED
      case 'read':
        return this.#place(reading.card)
      case 'failed':
        if (this.#phase === 'searching') this.#cards.emit({ kind: 'unreadable', reason: reading.reason })
        this.#phase = 'unreadable'
        this.#absences = 0
        this.#mayBeLeft = false
        return ANSWERED
      default:
        // The reader may have read a card whose answer was lost, and find it no more.
        this.#mayBeLeft = true
        return reading
    }
  }

  /** Its number is asked for before anybody hears of it: from then on no other card passes for it. */
  async #place(card: IdCard): Promise<Step> {
    const answer = await ask(this.#line, 'card-management-number')
    if (answer.kind === 'gone' || answer.kind === 'out-of-order') {
      for (const picture of picturesOf(card)) picture.fill(0)
      return answer
    }
    if (answer.kind === 'reply' && answer.reply.sw3 === sw3s.DONE) this.#isSameCard(answer.reply.data)
    this.#phase = 'placed'
    this.#mayBeLeft = false
    this.#pictures = picturesOf(card)
    this.#cards.emit({ kind: 'placed', card: new Personal(card) })
    return ANSWERED
  }

  /** A card that was read for nobody is read anew, which a reader does only after a reset. */
  async #lookForLeftCard(): Promise<Step> {
    const answer = await poll(this.#line, 'card-management-number')
    if (answer.kind !== 'reply') return answer
    this.#mayBeLeft = false
    const { sw3, data } = answer.reply
    data.fill(0)
    if (sw3 !== sw3s.DONE && sw3 !== sw3s.NOT_ON_CARD) return ANSWERED
    const reset = await ask(this.#line, 'reset-sam')
    return reset.kind === 'reply' ? ANSWERED : reset
  }

  /** `30 05` still answers while the card lies there; that it fails is the sign that it has left. */
  async #watch(): Promise<Step> {
    const answer = await poll(this.#line, 'card-management-number')
    if (answer.kind !== 'reply') return answer
    const { sw3, data } = answer.reply
    // 91 comes from the card as well: it is there and has no such number.
    if (sw3 === sw3s.NOT_ON_CARD || (sw3 === sw3s.DONE && this.#isSameCard(data))) {
      this.#doubts = 0
      return ANSWERED
    }
    this.#doubts += 1
    if (sw3s.saysNoCard(sw3) || this.#doubts >= DOUBTS_BEFORE_LIFTED) this.#lifted()
    return ANSWERED
  }

  /** The first number that is learnt is the card's. */
  #isSameCard(number: Uint8Array): boolean {
    const digest = createHmac('sha256', this.#numberKey).update(number).digest()
    number.fill(0)
    this.#numberDigest ??= digest
    return this.#numberDigest.equals(digest)
  }

  #lifted(): void {
    this.#phase = 'searching'
    this.#mayBeLeft = true
    this.#hasFoundNone = false
    this.#doubts = 0
    this.#numberDigest = undefined
    for (const picture of this.#pictures.splice(0)) picture.fill(0)
    this.#cards.emit({ kind: 'lifted' })
  }
}

import type { Listeners } from '../listeners.ts'
import { Personal } from '../personal.ts'
import { type IdCard, withPhoto } from './card.ts'
import { decodeCard, decodeExtraAddress } from './decode-card.ts'
import type { Reply } from './frame.ts'
import type { Miss, ReaderLine } from './line.ts'
import { baseParts, printedParts } from './parts.ts'
import type { RequestName } from './requests.ts'
import * as sw3s from './sw3.ts'

/**
 * A card lies there and was read, is gone again, or lies there and could not be read. `reason` is for technicians
 * and names no person. When the reader itself is lost, a placed card counts as lifted: nobody can see it any more.
 */
export type CardEvent =
  | { kind: 'placed'; card: Personal<IdCard> }
  | { kind: 'lifted' }
  | { kind: 'unreadable'; reason: string }

export interface CycleOptions {
  selectWithoutFind: boolean
  fingerprints: boolean
  extraAddress: boolean
}

/** The line or the reader is the matter, not a card. */
type Halt = Miss | { kind: 'out-of-order'; sw3: number }

/** What a step of the cycle found out about the reader. */
export type Step = { kind: 'answered' } | Halt

type Reading =
  | { kind: 'read'; card: IdCard }
  | { kind: 'no-card' }
  | { kind: 'failed'; reason: string; printsRefused: boolean }

const ANSWERED: Step = { kind: 'answered' }
const NO_CARD: Reading = { kind: 'no-card' }

/** A reader that never understands `30 05` cannot tell that a card has left: then it counts as lifted. */
const UNCLEAR_ANSWERS_BEFORE_LIFTED = 3

/** Find, select, read, then watch until the card is lifted (DEVICES §1.4). */
export class ReadingCycle {
  #line: ReaderLine
  #cards: Listeners<CardEvent>
  #options: CycleOptions
  #phase: 'searching' | 'placed' | 'unreadable' = 'searching'
  /**
   * A card may lie there that was read for nobody who still knows it: before a restart, before the line was lost,
   * or exchanged between two polls. Find and select deny such a card until it is lifted (§1.4).
   */
  #mayBeLeft = true
  #managementNumber: Uint8Array | undefined
  #unclearAnswers = 0
  #prints: Uint8Array | undefined

  constructor(line: ReaderLine, cards: Listeners<CardEvent>, options: CycleOptions) {
    this.#line = line
    this.#cards = cards
    this.#options = options
  }

  step(): Promise<Step> {
    return this.#phase === 'placed' ? this.#watch() : this.#search()
  }

  /** The reader is lost: a card that lay there cannot be seen any more. */
  forget(): void {
    if (this.#phase === 'placed') this.#lifted()
    this.#phase = 'searching'
  }

  async #search(): Promise<Step> {
    let reading = await this.#read(this.#options.fingerprints)
    // After a failed read, reset once and begin again; a card already told of is only tried again.
    if (reading.kind === 'failed' && this.#phase === 'searching') {
      const reset = await this.#ask('reset-sam')
      if (reset.kind !== 'reply') return reset
      const first = reading
      reading = await this.#read(this.#options.fingerprints && !first.printsRefused)
      // A reader that takes a card for read although we never got it says that there is none.
      if (reading.kind === 'no-card') reading = first
    }
    switch (reading.kind) {
      case 'no-card':
        this.#phase = 'searching'
        return this.#mayBeLeft ? this.#lookForLeftCard() : ANSWERED
      case 'read':
        this.#phase = 'placed'
        this.#mayBeLeft = false
        this.#prints = reading.card.fingerprints?.reveal()
        this.#cards.emit({ kind: 'placed', card: new Personal(reading.card) })
        return ANSWERED
      case 'failed':
        if (this.#phase === 'searching') this.#cards.emit({ kind: 'unreadable', reason: reading.reason })
        this.#phase = 'unreadable'
        this.#mayBeLeft = false
        return ANSWERED
      default:
        return reading
    }
  }

  /** One find, select and read. */
  async #read(prints: boolean): Promise<Reading | Halt> {
    const found = await this.#poll('find-card')
    if (found.kind !== 'reply') return found
    if (sw3s.isNotUnderstood(found.reply.sw3)) return { kind: 'garbled' }
    const denied = found.reply.sw3 === sw3s.FIND_FAILED
    if (denied && !this.#options.selectWithoutFind) return NO_CARD
    if (!denied && found.reply.sw3 !== sw3s.CARD_FOUND) return failed('find', found.reply.sw3)

    const selected = await this.#ask('select-card')
    if (selected.kind !== 'reply') return selected
    // Lifted between the two.
    if (selected.reply.sw3 === sw3s.SELECT_FAILED) return NO_CARD
    if (selected.reply.sw3 !== sw3s.DONE) return failed('select', selected.reply.sw3)

    const base = await this.#ask(prints ? 'read-base-and-prints' : 'read-base')
    // The reader has just answered: it is the card's answer that was lost, and the card is read again.
    if (base.kind === 'silent' || base.kind === 'garbled')
      return failed(`read: no whole answer (${base.kind})`)
    if (base.kind !== 'reply') return base
    if (base.reply.sw3 !== sw3s.DONE) return failed('read', base.reply.sw3)
    const reading = decodeBase(base.reply.data)
    return reading.kind === 'read' && this.#options.extraAddress ? this.#addAddress(reading.card) : reading
  }

  /** Where it was asked for, a card is not told of without it: the printed address may be the wrong one. */
  async #addAddress(card: IdCard): Promise<Reading | Halt> {
    const answer = await this.#ask('read-extra-address')
    if (answer.kind !== 'reply') {
      wipe(card)
      return answer.kind === 'gone' || answer.kind === 'out-of-order'
        ? answer
        : failed(`later address: no whole answer (${answer.kind})`)
    }
    const { sw3, data } = answer.reply
    if (sw3 === sw3s.NOT_ON_CARD || sw3 === sw3s.UNKNOWN_COMMAND) return { kind: 'read', card }
    const decoded = sw3 === sw3s.DONE ? decodeExtraAddress(data) : undefined
    data.fill(0)
    if (decoded?.ok) {
      const { address } = decoded
      return { kind: 'read', card: address === undefined ? card : { ...card, extraAddress: address } }
    }
    wipe(card)
    return decoded === undefined ? failed('later address', sw3) : failed(`later address: ${decoded.fault}`)
  }

  /** A card that was read for nobody is read anew, which a reader does only after a reset. */
  async #lookForLeftCard(): Promise<Step> {
    const answer = await this.#poll('card-management-number')
    if (answer.kind !== 'reply') return answer
    this.#mayBeLeft = false
    const { sw3, data } = answer.reply
    data.fill(0)
    if (sw3 !== sw3s.DONE && sw3 !== sw3s.NOT_ON_CARD) return ANSWERED
    const reset = await this.#ask('reset-sam')
    return reset.kind === 'reply' ? ANSWERED : reset
  }

  /** `30 05` still answers while the card lies there; that it fails is the sign that it has left. */
  async #watch(): Promise<Step> {
    const answer = await this.#poll('card-management-number')
    if (answer.kind !== 'reply') return answer
    const { sw3, data } = answer.reply
    const isUnclear = sw3s.isNotUnderstood(sw3)
    this.#unclearAnswers = isUnclear ? this.#unclearAnswers + 1 : 0
    if (isUnclear && this.#unclearAnswers < UNCLEAR_ANSWERS_BEFORE_LIFTED) return ANSWERED
    // 91 comes from the card as well: it is there and has no such number.
    if (sw3 === sw3s.NOT_ON_CARD || (sw3 === sw3s.DONE && this.#isSameCard(data))) return ANSWERED
    this.#lifted()
    return ANSWERED
  }

  #isSameCard(number: Uint8Array): boolean {
    const known = this.#managementNumber
    if (known === undefined) {
      this.#managementNumber = number.slice()
      number.fill(0)
      return true
    }
    const isSame = Buffer.compare(known, number) === 0
    number.fill(0)
    return isSame
  }

  #lifted(): void {
    this.#phase = 'searching'
    this.#mayBeLeft = true
    this.#unclearAnswers = 0
    this.#managementNumber?.fill(0)
    this.#managementNumber = undefined
    this.#prints?.fill(0)
    this.#prints = undefined
    this.#cards.emit({ kind: 'lifted' })
  }

  async #ask(request: RequestName): Promise<{ kind: 'reply'; reply: Reply } | Halt> {
    return judged(await this.#line.ask(request))
  }

  async #poll(request: RequestName): Promise<{ kind: 'reply'; reply: Reply } | Halt> {
    return judged(await this.#line.poll(request))
  }
}

function judged(answer: Awaited<ReturnType<ReaderLine['ask']>>): { kind: 'reply'; reply: Reply } | Halt {
  if (answer.kind !== 'reply' || !sw3s.isSamOutOfOrder(answer.reply.sw3)) return answer
  return { kind: 'out-of-order', sw3: answer.reply.sw3 }
}

/** Reasons are for technicians: a step and a status or a fault, nothing that was read. */
function failed(step: string, sw3?: number): Reading {
  return {
    kind: 'failed',
    reason: sw3 === undefined ? step : `${step}: ${sw3s.describeSw3(sw3)}`,
    printsRefused: sw3 === sw3s.PRINTS_FAILED || sw3 === sw3s.UNKNOWN_COMMAND,
  }
}

function decodeBase(data: Uint8Array): Reading {
  const parts = baseParts(data) ?? printedParts(data)
  if (parts === undefined) return failed('read: size')
  const decoded = decodeCard(parts.text)
  if (!decoded.ok) {
    data.fill(0)
    return failed(`read: ${decoded.fault}`)
  }
  const card = withPhoto(decoded.card, parts.photo)
  if (decoded.warnings.length > 0) card.warnings = decoded.warnings
  if (parts.prints.length > 0) card.fingerprints = new Personal(parts.prints.slice())
  data.fill(0)
  return { kind: 'read', card }
}

function wipe(card: IdCard): void {
  card.photo.reveal().fill(0)
  card.fingerprints?.reveal().fill(0)
}

import { Personal } from '../personal.ts'
import { ask, type Halt, poll } from './asking.ts'
import { type IdCard, picturesOf, withPhoto } from './card.ts'
import { decodeCard, decodeExtraAddress } from './decode-card.ts'
import type { ReaderLine } from './line.ts'
import { baseParts, printedParts } from './parts.ts'
import * as sw3s from './sw3.ts'

export interface ReadingOptions {
  selectWithoutFind: boolean
  fingerprints: boolean
  extraAddress: boolean
}

/** `reason` is for technicians: a step and a status or a fault, nothing that was read. */
export type Reading =
  | { kind: 'read'; card: IdCard }
  | { kind: 'no-card' }
  | { kind: 'failed'; reason: string }

const NO_CARD: Reading = { kind: 'no-card' }

/** Finds, selects and reads one card (DEVICES §1.4). */
export class CardReading {
  #line: ReaderLine
  #options: ReadingOptions
  /** `unknown`: this reader knows none. `not-here`: the card that lies there gives none. */
  #prints: 'asked' | 'not-here' | 'unknown'

  constructor(line: ReaderLine, options: ReadingOptions) {
    this.#line = line
    this.#options = options
    this.#prints = options.fingerprints ? 'asked' : 'unknown'
  }

  /** One find, select and read. */
  async read(): Promise<Reading | Halt> {
    const reading = await this.#read()
    const isOver = reading.kind === 'read' || reading.kind === 'no-card'
    if (isOver && this.#prints === 'not-here') this.#prints = 'asked'
    return reading
  }

  /** After a failed read, a reader begins again only when it was reset. */
  async resetAndRead(): Promise<Reading | Halt> {
    const reset = await ask(this.#line, 'reset-sam')
    return reset.kind === 'reply' ? this.read() : reset
  }

  async #read(): Promise<Reading | Halt> {
    const selected = await this.#select()
    if (selected !== undefined) return selected
    const withPrints = this.#prints === 'asked'
    const base = await ask(this.#line, withPrints ? 'read-base-and-prints' : 'read-base')
    // The reader has just answered: it is the card's answer that was lost, and the card is read again.
    if (base.kind === 'silent' || base.kind === 'garbled')
      return failed(`read: no whole answer (${base.kind})`)
    if (base.kind !== 'reply') return base
    const { sw3, data } = base.reply
    if (withPrints && sw3s.givesNoPrints(sw3)) {
      this.#prints = sw3 === sw3s.UNKNOWN_COMMAND ? 'unknown' : 'not-here'
      return this.resetAndRead()
    }
    if (sw3 !== sw3s.DONE) return failed('read', sw3)
    const reading = decodeBase(data)
    return reading.kind === 'read' && this.#options.extraAddress ? this.#addAddress(reading.card) : reading
  }

  /** Undefined when a card is selected. */
  async #select(): Promise<Reading | Halt | undefined> {
    const found = await poll(this.#line, 'find-card')
    if (found.kind !== 'reply') return found
    const { sw3 } = found.reply
    const isFound = sw3 === sw3s.CARD_FOUND
    if (!isFound) {
      // A find that fails is no card, least of all one that cannot be read.
      if (sw3 !== sw3s.FIND_FAILED) return { kind: 'refused', request: 'find-card', sw3 }
      if (!this.#options.selectWithoutFind) return NO_CARD
    }
    const selected = await ask(this.#line, 'select-card')
    if (selected.kind !== 'reply') return selected
    switch (selected.reply.sw3) {
      case sw3s.DONE:
        return undefined
      // Lifted between the two.
      case sw3s.SELECT_FAILED:
        return NO_CARD
      default:
        if (isFound) return failed('select', selected.reply.sw3)
        return { kind: 'refused', request: 'select-card', sw3: selected.reply.sw3 }
    }
  }

  /** Nobody is turned away for a later address that cannot be had: the card says so, and shows the printed one. */
  async #addAddress(card: IdCard): Promise<Reading | Halt> {
    const answer = await ask(this.#line, 'read-extra-address')
    if (answer.kind === 'gone' || answer.kind === 'out-of-order') {
      for (const picture of picturesOf(card)) picture.fill(0)
      return answer
    }
    if (answer.kind !== 'reply') return { kind: 'read', card: withoutLaterAddress(card) }
    const { sw3, data } = answer.reply
    if (sw3 === sw3s.NOT_ON_CARD || sw3 === sw3s.UNKNOWN_COMMAND) return { kind: 'read', card }
    const decoded = sw3 === sw3s.DONE ? decodeExtraAddress(data) : undefined
    data.fill(0)
    if (decoded?.ok !== true) return { kind: 'read', card: withoutLaterAddress(card) }
    const { address } = decoded
    return { kind: 'read', card: address === undefined ? card : { ...card, extraAddress: address } }
  }
}

function withoutLaterAddress(card: IdCard): IdCard {
  return { ...card, warnings: [...(card.warnings ?? []), 'later-address-unread'] }
}

function failed(step: string, sw3?: number): Reading {
  return { kind: 'failed', reason: sw3 === undefined ? step : `${step}: ${sw3s.describeSw3(sw3)}` }
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

import { createHash } from 'node:crypto'
import type { CardText, Sex } from '../id-reader/card.ts'
import { encodeCard, encodeExtraAddress } from '../id-reader/encode-card.ts'
import { MANAGEMENT_NUMBER_BYTES, PHOTO_BYTES } from '../id-reader/parts.ts'
import { READER_SPEEDS, REQUESTS, type RequestName } from '../id-reader/requests.ts'
import * as sw3s from '../id-reader/sw3.ts'
import type { Misuse } from './misuse.ts'

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

/** What a card may hold besides. */
export interface CardExtras {
  /** As text in a field of the whole length, or the very bytes that the reader gives. */
  extraAddress?: string | Uint8Array
  /** Bytes of fingerprints; default 0. `not-on-card`: asked for them, the reader says so instead of reading. */
  prints?: 0 | 512 | 1024 | 'not-on-card'
  /** 1024 bytes, in place of nobody's face. */
  photo?: Uint8Array
}

export interface SamQuirks {
  /** Finds nothing and selects all the same [?]. */
  selectWithoutFind?: boolean
  /** Gives the management number of whatever card lies there, read or not. */
  numberWithoutReading?: boolean
  /** Answered with 21. */
  unknown?: readonly RequestName[]
}

export interface SamAnswer {
  sw3: number
  data?: Uint8Array
  /** For `60 xx`: the speed after this answer. */
  baud?: number
}

/** DEVICES §1.4: poll no faster. */
const SHORTEST_POLL_MS = 300
/** How late a request may be seen here on a busy machine. It is lent, not given: who polls faster is found out. */
const LATENESS_MS = 100
const SAM_ID = Uint8Array.of(5, 0, 3, 0, 0xd7, 0x06, 0x33, 0x01, 1, 0, 0, 0, 2, 0, 0, 0)
const NOT_AUTHORISED = 0x66
/** Stands in for the closed WLT format: the right size, and nobody's face. */
const PHOTO = Uint8Array.from({ length: PHOTO_BYTES }, (_, index) => (index * 7 + 3) & 0xff)

/** A card on the plate and how far the reader has got with it (DEVICES §1.4). */
interface OnPlate {
  text: Uint8Array
  extras: CardExtras
  progress: 'fresh' | 'found' | 'selected' | 'read'
}

/** The security module of a reader: what it answers, and what it would never be asked by a good driver. */
export class SimulatedSam {
  authorised = true
  #misuse: Misuse
  #quirks: SamQuirks
  #card: OnPlate | undefined
  #failures: { sw3: number; times: number; at: RequestName | undefined }[] = []
  #lastFindMs = Number.NEGATIVE_INFINITY
  #findDueMs = Number.NEGATIVE_INFINITY

  constructor(misuse: Misuse, quirks: SamQuirks = {}) {
    this.#misuse = misuse
    this.#quirks = quirks
  }

  place(card: SimulatedCard | CardText, extras: CardExtras): void {
    const text = 'kind' in card ? card : ({ kind: 'citizen', ...card } as const)
    this.#card = { text: encodeCard(text), extras, progress: 'fresh' }
  }

  lift(): void {
    this.#card = undefined
  }

  /** The next answers carry this status, those to one request or whatever is asked. */
  fail(sw3: number, times: number, at?: RequestName): void {
    this.#failures.push({ sw3, times, at })
  }

  /** Readers live on their cable's power: without it they forget which card they have read. */
  losePower(): void {
    this.#lastFindMs = Number.NEGATIVE_INFINITY
    this.#findDueMs = Number.NEGATIVE_INFINITY
    this.#forgetCard()
  }

  /** What stands between length field and checksum of a request. */
  answer(content: Uint8Array): SamAnswer {
    const [command = 0, parameter = 0] = content
    if (content.length !== 2) this.#misuse.record(`a request with ${content.length - 2} bytes of data`)
    const request = requestNamed(command, parameter)
    if (request === undefined) {
      this.#misuse.record(`unknown command ${command.toString(16)} ${parameter.toString(16)}`)
      return { sw3: sw3s.UNKNOWN_COMMAND }
    }
    if (!this.authorised) return { sw3: NOT_AUTHORISED }
    if (this.#quirks.unknown?.includes(request) === true) return { sw3: sw3s.UNKNOWN_COMMAND }
    const failure = this.#failureOf(request)
    if (failure !== undefined) {
      if (this.#card?.progress === 'selected') this.#card.progress = 'found'
      return { sw3: failure }
    }
    return this.#work(request)
  }

  #work(request: RequestName): SamAnswer {
    switch (request) {
      case 'reset-sam':
        this.#forgetCard()
        return { sw3: sw3s.DONE }
      case 'sam-status':
        return { sw3: sw3s.DONE }
      case 'sam-id':
        return { sw3: sw3s.DONE, data: SAM_ID }
      case 'find-card':
        return this.#find()
      case 'select-card':
        return this.#select()
      case 'read-base':
        return this.#read(false)
      case 'read-base-and-prints':
        return this.#read(true)
      case 'read-extra-address':
        return this.#readExtraAddress()
      case 'card-management-number':
        return this.#readManagementNumber()
      default:
        return { sw3: sw3s.DONE, baud: READER_SPEEDS[REQUESTS[request][1]] ?? READER_SPEEDS[0] }
    }
  }

  #find(): SamAnswer {
    const now = performance.now()
    if (now < this.#findDueMs - LATENESS_MS) {
      this.#misuse.record(`find asked again after ${Math.round(now - this.#lastFindMs)} ms`)
    }
    this.#findDueMs = Math.max(now, this.#findDueMs) + SHORTEST_POLL_MS
    this.#lastFindMs = now
    const isFound =
      this.#card !== undefined && this.#card.progress !== 'read' && !this.#quirks.selectWithoutFind
    if (this.#card === undefined || !isFound) return { sw3: sw3s.FIND_FAILED }
    this.#card.progress = 'found'
    return { sw3: sw3s.CARD_FOUND, data: new Uint8Array(4) }
  }

  #select(): SamAnswer {
    if (this.#card === undefined || this.#card.progress === 'read') return { sw3: sw3s.SELECT_FAILED }
    if (this.#card.progress === 'fresh' && !this.#quirks.selectWithoutFind) {
      this.#misuse.record('select before find')
      return { sw3: sw3s.SELECT_FAILED }
    }
    this.#card.progress = 'selected'
    return { sw3: sw3s.DONE, data: new Uint8Array(8) }
  }

  #read(withPrints: boolean): SamAnswer {
    if (this.#card === undefined) return { sw3: sw3s.READ_FAILED }
    if (this.#card.progress !== 'selected') {
      this.#misuse.record('read before select')
      return { sw3: sw3s.READ_FAILED }
    }
    const { text, extras } = this.#card
    if (withPrints && extras.prints === 'not-on-card') {
      this.#card.progress = 'found'
      return { sw3: sw3s.NOT_ON_CARD }
    }
    this.#card.progress = 'read'
    const photo = extras.photo ?? PHOTO
    if (!withPrints) return { sw3: sw3s.DONE, data: Uint8Array.of(1, 0, 4, 0, ...text, ...photo) }
    const prints = new Uint8Array(extras.prints === 'not-on-card' ? 0 : (extras.prints ?? 0)).fill(0x43)
    const sizes = [1, 0, 4, 0, prints.length >> 8, prints.length & 0xff]
    return { sw3: sw3s.DONE, data: Uint8Array.of(...sizes, ...text, ...photo, ...prints) }
  }

  #readExtraAddress(): SamAnswer {
    if (this.#card?.progress !== 'read') return { sw3: sw3s.READ_FAILED }
    const { extraAddress } = this.#card.extras
    if (extraAddress === undefined) return { sw3: sw3s.NOT_ON_CARD }
    const data = typeof extraAddress === 'string' ? encodeExtraAddress(extraAddress) : extraAddress
    return { sw3: sw3s.DONE, data }
  }

  #readManagementNumber(): SamAnswer {
    const isKnown = this.#card?.progress === 'read' || this.#quirks.numberWithoutReading === true
    if (this.#card === undefined || !isKnown) return { sw3: sw3s.READ_FAILED }
    const number = createHash('sha256')
      .update(this.#card.text)
      .digest('hex')
      .slice(0, MANAGEMENT_NUMBER_BYTES)
    return { sw3: sw3s.DONE, data: Buffer.from(number.toUpperCase(), 'latin1') }
  }

  #failureOf(request: RequestName): number | undefined {
    const failure = this.#failures.find(({ at }) => at === undefined || at === request)
    if (failure === undefined) return undefined
    failure.times -= 1
    if (failure.times <= 0) this.#failures.splice(this.#failures.indexOf(failure), 1)
    return failure.sw3
  }

  #forgetCard(): void {
    if (this.#card !== undefined) this.#card.progress = 'fresh'
  }
}

function requestNamed(command: number, parameter: number): RequestName | undefined {
  const names = Object.keys(REQUESTS) as RequestName[]
  return names.find((name) => REQUESTS[name][0] === command && REQUESTS[name][1] === parameter)
}

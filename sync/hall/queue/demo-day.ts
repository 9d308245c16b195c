/**
 * One day of the demonstration hall's queue, up to an instant: who waits for what, who was called where. Everything
 * follows from the date, the clock and the tickets that were taken, so that a restart changes nothing, and what has
 * happened stays as it was when more tickets come. Windows call while they are open; whoever still waits when the last
 * span of the day ends is sent home.
 */
import type { QueueCall } from '../../protocol/queue.ts'
import { atHall } from '../case-system/hall-time.ts'
import type { DemoTicket } from '../store/demo-hall.ts'
import { type Arrival, chance } from './demo-arrivals.ts'
import type { QueueType } from './demo-data.ts'

const MINUTE_MS = 60 * 1000
/** A number that nobody answers to is given up after so long. */
const NO_SHOW_MS = 1.5 * MINUTE_MS
/** Every so many of the people who come have gone when their number is called. */
const NO_SHOW_EVERY = 11
/** Who missed the call and comes back waits for so many. */
const BACK_AFTER = 3
/** Who turns up at the wrong windows is sent on after so long. */
const SENT_ON_AFTER_MS = 2 * MINUTE_MS
const SENT_ON_EVERY = 23

export interface Waiting {
  number: string
  /** Of the type that gave the number. */
  origin: string
  at: number
  /** Lower is called earlier. */
  rank: number
  person: Arrival | null
}

export interface Day {
  /** In the order in which they will be called. */
  waiting: ReadonlyMap<string, readonly Waiting[]>
  /** In order of time, none later than now. */
  calls: readonly QueueCall[]
  /** Numbers called in vain, with the type that they waited for. */
  missed: ReadonlyMap<string, string>
  /** Numbers at a window now, with their type. */
  serving: ReadonlyMap<string, string>
  /** The last number given, by type. */
  given: ReadonlyMap<string, number>
}

const RANKS: Readonly<Record<string, number>> = { transferred: 0, appointment: 0, age: 1 }
const ORDINARY_RANK = 2

export function ticketNumber(businessType: string, count: number): string {
  return `${businessType}${String(count).padStart(3, '0')}`
}

type Happening = { at: number; order: 0; person: Arrival } | { at: number; order: 1; ticket: DemoTicket }

/** When a type's windows call, in order, milliseconds since 1970; `to` is the first instant after. */
export type Opening = { from: number; to: number }
export type Openings = (businessType: string) => readonly Opening[]

export function dayUntil(
  now: number,
  types: readonly QueueType[],
  openings: Openings,
  arrivals: readonly Arrival[],
  tickets: readonly DemoTicket[],
): Day {
  return new DayRun(types, openings).until(now, [
    ...arrivals.map((person): Happening => ({ at: person.at, order: 0, person })),
    ...tickets.map((ticket): Happening => ({ at: ticket.at, order: 1, ticket })),
  ])
}

interface AtWindow {
  window: string
  type: QueueType
  freeAt: number
  /** What is told when it becomes free; null after an ordinary service. */
  ends: { what: 'missed' | 'sent-on'; one: Waiting } | null
  one: Waiting | null
}

class DayRun {
  readonly #windows: AtWindow[]
  readonly #waiting: Map<string, Waiting[]>
  readonly #types: readonly QueueType[]
  readonly #openings: ReadonlyMap<string, readonly Opening[]>
  readonly #calls: QueueCall[] = []
  readonly #missed = new Map<string, string>()
  readonly #given = new Map<string, number>()

  constructor(types: readonly QueueType[], openings: Openings) {
    this.#types = types
    this.#openings = new Map(types.map(({ businessType }) => [businessType, openings(businessType)]))
    this.#waiting = new Map(types.map(({ businessType }) => [businessType, []]))
    this.#windows = types.flatMap((type) =>
      type.windows.map((window) => ({ window, type, freeAt: 0, ends: null, one: null })),
    )
  }

  until(now: number, happenings: Happening[]): Day {
    happenings.sort((a, b) => a.at - b.at || a.order - b.order)
    for (const happening of happenings) {
      if (happening.at > now) break
      this.#serveUntil(happening.at)
      if (happening.order === 0) this.#come(happening.person)
      else this.#taken(happening.ticket)
    }
    this.#serveUntil(now)
    for (const [type, line] of this.#waiting) if (now >= this.#closing(type)) line.length = 0
    const busy = this.#windows.flatMap(({ one, type }) =>
      one === null ? [] : [[one.number, type.businessType] as const],
    )
    return {
      waiting: this.#waiting,
      calls: this.#calls,
      missed: this.#missed,
      serving: new Map(busy),
      given: this.#given,
    }
  }

  #come(person: Arrival): void {
    const { businessType, at } = person
    const count = (this.#given.get(businessType) ?? 0) + 1
    this.#given.set(businessType, count)
    const number = ticketNumber(businessType, count)
    this.#stand(businessType, { number, origin: businessType, at, rank: ORDINARY_RANK, person })
  }

  #taken(ticket: DemoTicket): void {
    const { what, number, businessType, at, priority } = ticket
    const origin = number.replace(/\d+$/, '')
    const one = { number, origin, at, rank: RANKS[priority ?? ''] ?? ORDINARY_RANK, person: null }
    switch (what) {
      case 'taken':
        this.#given.set(businessType, Number(number.slice(businessType.length)))
        this.#stand(businessType, one)
        return
      case 'again':
        this.#missed.delete(number)
        this.#waiting.get(businessType)?.splice(BACK_AFTER, 0, one)
        return
      case 'transferred': {
        const from = this.#leave(number, at)
        this.#calls.push(
          call('transferred', number, from?.type ?? origin, from?.window ?? null, businessType, at),
        )
        this.#stand(businessType, one)
        return
      }
    }
  }

  /** Behind everybody of the same rank. */
  #stand(businessType: string, one: Waiting): void {
    const line = this.#waiting.get(businessType)
    const before = line?.findIndex(({ rank }) => rank > one.rank) ?? -1
    line?.splice(before < 0 ? line.length : before, 0, one)
  }

  /** Takes a number from where it waits or is being served. */
  #leave(number: string, at: number): { type: string; window: string | null } | null {
    for (const [type, line] of this.#waiting) {
      const index = line.findIndex((one) => one.number === number)
      if (index < 0) continue
      line.splice(index, 1)
      return { type, window: null }
    }
    const window = this.#windows.find(({ one }) => one?.number === number)
    if (window === undefined) return null
    window.freeAt = at
    window.one = null
    window.ends = null
    return { type: window.type.businessType, window: window.window }
  }

  /** Lets every window call and finish whoever it can until then. */
  #serveUntil(until: number): void {
    for (;;) {
      const next = this.#nextFree()
      if (next === null || next.at > until) return
      if (next.window.one !== null) this.#finish(next.window)
      else this.#call(next.window, next.at)
    }
  }

  #nextFree(): { window: AtWindow; at: number } | null {
    let next: { window: AtWindow; at: number } | null = null
    for (const window of this.#windows) {
      const [first] = this.#waiting.get(window.type.businessType) ?? []
      if (window.one === null && first === undefined) continue
      // Nobody is called before having come, whoever stands first.
      const free = Math.max(window.freeAt, first?.at ?? 0)
      const at = window.one === null ? this.#openFrom(window.type.businessType, free) : window.freeAt
      if (at === null) continue
      if (next === null || at < next.at) next = { window, at }
    }
    return next
  }

  /** Then, or when its windows open again that day; null: no more. */
  #openFrom(businessType: string, at: number): number | null {
    const opening = this.#openings.get(businessType)?.find(({ to }) => at < to)
    return opening === undefined ? null : Math.max(at, opening.from)
  }

  #closing(businessType: string): number {
    return this.#openings.get(businessType)?.at(-1)?.to ?? 0
  }

  #call(window: AtWindow, at: number): void {
    const { type } = window
    const one = this.#waiting.get(type.businessType)?.shift()
    if (one === undefined) return
    this.#calls.push(call('called', one.number, type.businessType, window.window, null, at))
    window.one = one
    window.ends = ending(one, this.#types)
    window.freeAt = at + serviceMs(one, type, window.ends)
  }

  #finish(window: AtWindow): void {
    const { one, ends, freeAt, type } = window
    window.one = null
    window.ends = null
    if (one === null || ends === null) return
    if (ends.what === 'missed') {
      this.#missed.set(one.number, type.businessType)
      this.#calls.push(call('missed', one.number, type.businessType, window.window, null, freeAt))
      return
    }
    const to = sentOnTo(one, type, this.#types)
    this.#calls.push(call('transferred', one.number, type.businessType, window.window, to, freeAt))
    this.#stand(to, { ...one, at: freeAt, rank: RANKS.transferred ?? 0, person: null })
  }
}

function ending(one: Waiting, types: readonly QueueType[]): AtWindow['ends'] {
  if (one.person === null) return null
  const { index } = one.person
  if (index % NO_SHOW_EVERY === NO_SHOW_EVERY - 1) return { what: 'missed', one }
  if (types.length > 1 && index % SENT_ON_EVERY === SENT_ON_EVERY - 1) return { what: 'sent-on', one }
  return null
}

function serviceMs(one: Waiting, type: QueueType, ends: AtWindow['ends']): number {
  if (ends?.what === 'missed') return NO_SHOW_MS
  if (ends?.what === 'sent-on') return SENT_ON_AFTER_MS
  // Half to one and a half times the mean, the same whenever it is asked.
  return Math.round(type.serviceMinutes * MINUTE_MS * (0.5 + chance('service', one.number, one.at)))
}

/** The next type in the plan: any will do, as long as it is always the same. */
function sentOnTo(one: Waiting, type: QueueType, types: readonly QueueType[]): string {
  const others = types.filter(
    ({ businessType, dayAndNight }) => businessType !== type.businessType && !dayAndNight,
  )
  return others[Math.floor(chance('to', one.number) * others.length)]?.businessType ?? type.businessType
}

function call(
  what: QueueCall['what'],
  number: string,
  businessType: string,
  window: string | null,
  to: string | null,
  at: number,
): QueueCall {
  return { what, number, businessType, window, to, at: atHall(new Date(at)) }
}

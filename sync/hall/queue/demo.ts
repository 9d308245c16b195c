/** The queue of the demonstration hall: it runs by the clock, with whoever takes a number among invented people. */
import type { Calendar, Hall } from '../../protocol/content.ts'
import { type OpenSpan, openSpans } from '../../protocol/hall-hours.ts'
import type { Personal } from '../../protocol/personal.ts'
import { type QueueAnswer, type QueueCall, TicketPriority } from '../../protocol/queue.ts'
import { addWorkingDays } from '../../protocol/working-days.ts'
import type { Applicant } from '../case-system/case-system.ts'
import { atHall, hallDate, hallMoment } from '../case-system/hall-time.ts'
import type { Refused } from '../outside/outcome.ts'
import type { DemoHall, DemoTicket } from '../store/demo-hall.ts'
import { appointmentAt } from './demo-appointments.ts'
import { type Arrival, arrivalsOf, halfHoursOf, LAST_NUMBER_BEFORE_CLOSING_MS } from './demo-arrivals.ts'
import type { DemoQueuePlan, QueueType } from './demo-data.ts'
import { type Day, dayUntil, type Opening, ticketNumber } from './demo-day.ts'
import type { CallsFound, QueueSystem, TicketOutcome, TicketWish } from './queue-system.ts'
import { quietHours } from './quiet-hours.ts'

/** 老年人权益保障法 (2018) 第二条. */
const OLD_FROM_YEARS = 60
const DAY_AND_NIGHT: OpenSpan[] = [{ opens: '00:00', closes: '24:00' }]
/** A number must not wait longer than the longest holiday to be told when it is given again. */
const LOOK_AHEAD_DAYS = 14
const MINUTE_MS = 60 * 1000
const DAY_MS = 24 * 60 * MINUTE_MS

export interface DemoQueueOptions {
  plan: DemoQueuePlan
  hours: () => Hall['hours']
  calendars: () => readonly Calendar[]
  clock: () => Date
  kept: DemoHall
}

export function demoQueue({ plan, hours, calendars, clock, kept }: DemoQueueOptions): QueueSystem {
  const known: { date: string; version: string; arrivals: Arrival[] } = {
    date: '',
    version: '',
    arrivals: [],
  }
  const typeOf = (id: string): QueueType | undefined =>
    plan.types.find(({ businessType }) => businessType === id)
  const spansOf = (type: QueueType, date: string): OpenSpan[] =>
    type.dayAndNight ? DAY_AND_NIGHT : openSpans(date, hours(), calendars())

  function arrivals(date: string): Arrival[] {
    const version = JSON.stringify([hours(), calendars()])
    if (known.date === date && known.version === version) return known.arrivals
    known.arrivals = plan.types.flatMap((type) => arrivalsOf(date, plan, type, spansOf(type, date)))
    known.date = date
    known.version = version
    return known.arrivals
  }

  function openings(businessType: string, date: string): Opening[] {
    const type = typeOf(businessType)
    return (type === undefined ? [] : spansOf(type, date)).map(({ opens, closes }) => {
      return { from: hallMoment(date, opens).getTime(), to: hallMoment(date, closes).getTime() }
    })
  }

  const isOpen = (businessType: string, now: Date): boolean =>
    openings(businessType, hallDate(now)).some(({ from, to }) => now.getTime() >= from && now.getTime() < to)

  function dayWith(now: number, tickets: readonly DemoTicket[]): Day {
    const date = hallDate(new Date(now))
    return dayUntil(now, plan.types, (type) => openings(type, date), arrivals(date), tickets)
  }
  async function dayAt(now: Date): Promise<Day> {
    return dayWith(now.getTime(), await kept.ticketsOf(hallDate(now)))
  }

  /** When numbers of a type are given, from now on: null while they are. */
  function opensAt(type: QueueType, now: Date): Date | null {
    let date = hallDate(now)
    for (let day = 0; day <= LOOK_AHEAD_DAYS; day += 1) {
      for (const { opens, closes } of spansOf(type, date)) {
        const last =
          hallMoment(date, closes).getTime() - (type.dayAndNight ? 0 : LAST_NUMBER_BEFORE_CLOSING_MS)
        if (now.getTime() >= last) continue
        const from = hallMoment(date, opens)
        return from <= now ? null : from
      }
      date = hallDate(new Date(hallMoment(date, '12:00').getTime() + DAY_MS))
    }
    return hallMoment(addWorkingDays(hallDate(now), 1, calendars()), '00:00')
  }

  function overviewOf(type: QueueType, day: Day, now: Date): QueueAnswer['types'][number] {
    const { businessType, name, area, windows, serviceMinutes } = type
    const opens = opensAt(type, now)
    const waiting = day.waiting.get(businessType)?.length ?? 0
    const date = hallDate(opens ?? now)
    return {
      businessType,
      name,
      area,
      open: opens === null,
      opensAt: opens === null ? null : atHall(opens),
      waiting,
      waitMinutes: opens === null ? Math.round((waiting * serviceMinutes) / windows.length) : null,
      quietHours: quietHours(halfHoursOf(plan, type, spansOf(type, date))),
    }
  }

  /** What a wish comes to, by the tickets before it. */
  function decide(wish: TicketWish, type: QueueType, now: Date) {
    return (before: readonly DemoTicket[]): { ticket: DemoTicket } | { instead: Refused } => {
      const date = hallDate(now)
      const at = Math.max(now.getTime(), (before.at(-1)?.at ?? 0) + 1)
      const day = dayWith(at, before)
      const { businessType } = type
      const base = { day: date, at, businessType, appointment: null }
      const closed = (opens: Date | null) =>
        refused('closed', `“${type.name}”现在不取号${opens === null ? '' : `，${inWords(opens, now)}开始`}。`)
      const opens = opensAt(type, now)
      if (wish.missed !== null) {
        if (!isOpen(businessType, now)) return closed(opens)
        if (day.missed.get(wish.missed) !== businessType)
          return refused('not-missed', `${wish.missed}没有过号：还没叫到，或者已经办过。请重新取号。`)
        return { ticket: { ...base, what: 'again', number: wish.missed, priority: 'missed' } }
      }
      if (opens !== null) return closed(opens)
      const number = ticketNumber(businessType, (day.given.get(businessType) ?? 0) + 1)
      if (wish.appointment === null)
        return { ticket: { ...base, what: 'taken', number, priority: priorityOf(wish.person, now) } }
      const spans = spansOf(type, date)
      const kept = appointmentAt(wish.appointment, { businessType, date, spans, now, before })
      if (!kept.ok) return refused(kept.code, kept.words)
      return {
        ticket: { ...base, what: 'taken', number, priority: 'appointment', appointment: kept.appointment },
      }
    }
  }

  /** `asked`: the very ticket that was given before, as it stands now. */
  async function given(now: Date, ticket: DemoTicket): Promise<TicketOutcome> {
    const day = await dayAt(new Date(Math.max(now.getTime(), ticket.at)))
    const line = day.waiting.get(ticket.businessType) ?? []
    const place = line.findIndex(({ number }) => number === ticket.number)
    return {
      outcome: 'given',
      ticket: {
        number: ticket.number,
        waiting: Math.max(0, place),
        area: typeOf(ticket.businessType)?.area ?? '',
        priority: TicketPriority.safeParse(ticket.priority).data ?? null,
      },
    }
  }

  return {
    async overview() {
      const now = clock()
      const day = await dayAt(now)
      return { outcome: 'found', types: plan.types.map((type) => overviewOf(type, day, now)) }
    },

    async take(wish, key) {
      const type = typeOf(wish.businessType)
      if (type === undefined) return { outcome: 'not-found' }
      const now = clock()
      const taken = await kept.takeTicket(hallDate(now), key, decide(wish, type, now))
      return 'instead' in taken ? taken.instead : await given(now, taken.ticket)
    },

    async transfer(number, to, key) {
      const type = typeOf(to)
      if (type === undefined) return { outcome: 'not-found' }
      const now = clock()
      const date = hallDate(now)
      const moved = await kept.takeTicket<Refused>(date, key, (before) => {
        const at = Math.max(now.getTime(), (before.at(-1)?.at ?? 0) + 1)
        const day = dayWith(at, before)
        const waits = [...day.waiting.values()].some((line) => line.some((one) => one.number === number))
        if (!isOpen(to, now)) return refused('closed', `“${type.name}”现在不办：转不了号。`)
        if (!waits && !day.serving.has(number))
          return refused('not-in-queue', `${number}不在排队，也不在窗口：转不了号。`)
        const ticket: DemoTicket = {
          day: date,
          at,
          what: 'transferred',
          number,
          businessType: to,
          priority: 'transferred',
          appointment: null,
        }
        return { ticket }
      })
      return 'instead' in moved ? moved.instead : await given(now, moved.ticket)
    },

    async serving() {
      const now = clock()
      const atWindow = new Map<string, QueueCall>()
      const day = await dayAt(now)
      for (const call of day.calls)
        if (call.what === 'called' && call.window !== null) atWindow.set(call.window, call)
      // A window that is closed serves at most whom it called before.
      const serving = [...atWindow.values()].filter(
        ({ businessType, number }) => isOpen(businessType, now) || day.serving.has(number),
      )
      return found(now, serving)
    },

    async calls(cursor) {
      const since = Number(cursor)
      const now = clock()
      const { calls } = await dayAt(now)
      return found(now, Number.isFinite(since) ? calls.filter(({ at }) => Date.parse(at) > since) : [])
    },

    close() {},
  }
}

/** Calls are told in whole seconds, and so is the cursor: what happens later in this second is asked for next. */
function found(now: Date, calls: QueueCall[]): CallsFound {
  const second = Math.floor(now.getTime() / 1000) * 1000
  return {
    outcome: 'found',
    cursor: String(second - 1),
    calls: calls.filter(({ at }) => Date.parse(at) < second).sort((a, b) => (a.at < b.at ? -1 : 1)),
  }
}

function refused(code: string, words: string): { instead: Refused } {
  return { instead: { outcome: 'refused', code, words } }
}

/** By the birthday in the number of a resident's card (GB 11643): characters 7 to 14. */
function priorityOf(person: Personal<Applicant> | null, now: Date): TicketPriority | null {
  const born = person?.reveal().idNumber.slice(6, 14) ?? ''
  if (!/^\d{8}$/.test(born)) return null
  const today = hallDate(now).replaceAll('-', '')
  return Number(today) - Number(born) >= OLD_FROM_YEARS * 10_000 ? 'age' : null
}

/** 今天13:30, 11月23日08:30 */
function inWords(at: Date, now: Date): string {
  const [date = '', time = ''] = atHall(at).split('T')
  if (date === hallDate(now)) return `今天${time.slice(0, 5)}`
  return `${Number(date.slice(5, 7))}月${Number(date.slice(8))}日${time.slice(0, 5)}`
}

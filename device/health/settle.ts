/**
 * Makes of what is wrong at each look what has lasted, so that a blip is no alarm: a part's trouble is told once it has
 * stood for as long as its kind has to, and is over once it has been away for as long. What comes and goes adds up, so
 * that a loose cable becomes an alarm, too.
 */
import { LASTING_MS } from '../peripherals/lasting-change.ts'
import type { Trouble, TroubleKind } from './trouble.ts'

export interface Lasting {
  /** So long in trouble altogether before it is told. */
  onsetMs: number
  /** So long in order on end before it is over. */
  endMs: number
}

/** How long each kind comes and goes for by itself, without anybody having to do something. */
export const LASTING: Record<TroubleKind, Lasting> = {
  /** As the hall's facts: a replugged cable or a closed cover is back before this. */
  peripheral: { onsetMs: LASTING_MS, endMs: LASTING_MS },
  /** A switch or a hall server that starts anew; the line itself tries again every few seconds. */
  line: { onsetMs: 30_000, endMs: 15_000 },
  /** Told by the hall or by the configuration, so it does not flicker; a start is through with enrolment by then. */
  hall: { onsetMs: 5_000, endMs: 0 },
  records: { onsetMs: 5_000, endMs: 0 },
  /** The first measures after a start may be of a line that is still slow. */
  clock: { onsetMs: 60_000, endMs: 30_000 },
  /** A lost rating is worse than a false alarm. Whether it is over was tried by a write. */
  storage: { onsetMs: 0, endMs: 0 },
  /** A first fetch of thousands of guides takes a while. */
  content: { onsetMs: 120_000, endMs: 0 },
  certificate: { onsetMs: 0, endMs: 0 },
  window: { onsetMs: 60_000, endMs: 0 },
}

/** After so long in this process, what an earlier one knew is no news of the same trouble any more. */
const REMEMBERED_FOR_MS = 5 * 60_000

/** What an earlier run of this device told, by its part. */
export type Remembered = ReadonlyMap<string, Pick<Trouble, 'severity' | 'since'>>

interface Slot {
  trouble: Trouble
  since: string
  present: boolean
  /** In trouble altogether, until it has been in order for long enough. */
  troubleMs: number
  /** In order on end. */
  orderMs: number
  told: boolean
}

export interface Settled {
  /** The worst first, then the oldest. */
  troubles: Trouble[]
  /** After so many milliseconds it is another list even if nothing changes; null when it is not. */
  dueMs: number | null
}

export interface Settler {
  /**
   * @param unknown parts of which nobody knows now: they go on as they were
   * @param nowMs milliseconds that never go back
   */
  see(troubles: readonly Trouble[], unknown: ReadonlySet<string>, nowMs: number): Settled
  /** By part, for the next run. */
  told(): [part: string, Pick<Trouble, 'severity' | 'since'>][]
}

export const createSettler = (
  remembered: Remembered = new Map(),
  lasting: Record<TroubleKind, Lasting> = LASTING,
): Settler => {
  const slots = new Map<string, Slot>()
  let lastMs: number | null = null
  let ageMs = 0

  const begin = (trouble: Trouble): Slot => {
    const before = ageMs <= REMEMBERED_FOR_MS ? remembered.get(trouble.part) : undefined
    const same = before !== undefined && before.severity === trouble.severity
    const since = same ? earlier(before.since, trouble.since) : trouble.since
    return { trouble, since, present: true, troubleMs: 0, orderMs: 0, told: false }
  }

  const renew = (slot: Slot, trouble: Trouble): void => {
    if (slot.trouble.severity !== trouble.severity) slot.since = trouble.since
    Object.assign(slot, { trouble, present: true, orderMs: 0 })
  }

  const dueOf = (slot: Slot, { onsetMs, endMs }: Lasting): number | null => {
    if (slot.present) return slot.told ? null : onsetMs - slot.troubleMs
    return endMs - slot.orderMs
  }

  return {
    see(troubles, unknown, nowMs) {
      const passedMs = lastMs === null ? 0 : Math.max(0, nowMs - lastMs)
      lastMs = nowMs
      ageMs += passedMs
      for (const slot of slots.values())
        if (slot.present) slot.troubleMs += passedMs
        else slot.orderMs += passedMs
      const seen = new Set<string>()
      for (const trouble of troubles) {
        // The first of a part is the one to mend first.
        if (seen.has(trouble.part)) continue
        seen.add(trouble.part)
        const slot = slots.get(trouble.part)
        if (slot === undefined) slots.set(trouble.part, begin(trouble))
        else renew(slot, trouble)
      }
      for (const [part, slot] of slots) {
        if (!seen.has(part) && slot.present && !unknown.has(part)) slot.present = false
      }
      let dueMs: number | null = null
      for (const [part, slot] of slots) {
        const limits = lasting[kindOf(part)]
        if (!slot.present && slot.orderMs >= limits.endMs) slots.delete(part)
        else {
          if (slot.present) slot.told ||= slot.troubleMs >= limits.onsetMs
          const due = dueOf(slot, limits)
          if (due !== null) dueMs = Math.min(dueMs ?? due, due)
        }
      }
      const told = [...slots.values()].filter((slot) => slot.told)
      return { troubles: told.map(({ trouble, since }) => ({ ...trouble, since })).sort(worstFirst), dueMs }
    },
    told: () =>
      [...slots]
        .filter(([, slot]) => slot.told)
        .map(([part, { trouble, since }]) => [part, { severity: trouble.severity, since }]),
  }
}

const kindOf = (part: string): TroubleKind => {
  const [kind = ''] = part.split('.')
  return KINDS[kind] ?? 'peripheral'
}

const KINDS: Record<string, TroubleKind> = {
  line: 'line',
  enrolment: 'hall',
  hall: 'hall',
  uplink: 'hall',
  records: 'records',
  clock: 'clock',
  storage: 'storage',
  content: 'content',
  certificate: 'certificate',
  window: 'window',
}

const earlier = (one: string, other: string): string => (Date.parse(one) < Date.parse(other) ? one : other)

const worstFirst = (one: Trouble, other: Trouble): number =>
  one.severity === other.severity
    ? Date.parse(one.since) - Date.parse(other.since)
    : one.severity === 'fault'
      ? -1
      : 1

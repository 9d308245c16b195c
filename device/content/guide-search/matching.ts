/**
 * Whether something typed stands in a name: characters as they are, and Pinyin in any mixture of whole syllables,
 * their beginnings and first letters (`jmsfz`, `shenfzheng`, `sfz补`).
 */
import type { Unit } from './spelling.ts'

/** More than any name has; what is longer was not typed by a person. */
export const QUERY_MAX = 40

export interface Place {
  /** Where in the name it begins, and after which unit it ends. */
  from: number
  to: number
  /** How many syllables but the last are only begun: none for what was written out. */
  begun: number
}

const OUT_OF_REACH = 0xff

/** Reused: a search goes through some ten thousand places, one after the other. */
let reached = new Uint8Array(QUERY_MAX + 1)
let next = new Uint8Array(QUERY_MAX + 1)

/** The best place of `typed` in a name: the one written out most, and of those the first. */
export function placeIn(units: readonly Unit[], typed: readonly string[], byEar: boolean): Place | null {
  let best: Place | null = null
  for (let from = 0; from < units.length; from += 1) {
    const place = placeAt(units, typed, from, byEar)
    if (place !== null && (best === null || place.begun < best.begun)) best = place
    if (best?.begun === 0) break
  }
  return best
}

/** From each unit on it is kept how much of what was typed can be used up, and at what cost. */
export function placeAt(
  units: readonly Unit[],
  typed: readonly string[],
  from: number,
  byEar: boolean,
): Place | null {
  const [first] = typed
  const opens = byEar ? units[from]?.opensByEar : units[from]?.opens
  if (first === undefined || typed.length > QUERY_MAX || !opens?.includes(first)) return null
  reached.fill(OUT_OF_REACH)
  reached[0] = 0
  for (let index = from; index < units.length; index += 1) {
    const unit = units[index]
    if (unit === undefined) return null
    next.fill(OUT_OF_REACH)
    const whole = step(unit, typed, byEar)
    if (whole !== null) return { from, to: index + 1, begun: whole }
    if (!next.some((cost) => cost !== OUT_OF_REACH)) return null
    ;[reached, next] = [next, reached]
  }
  return null
}

/** One unit on. @returns the cost where this unit uses up all that was typed; the last one may be only begun */
function step({ character, sounds, alike }: Unit, typed: readonly string[], byEar: boolean): number | null {
  let whole: number | null = null
  const reach = (place: number, cost: number, isBegun: boolean): void => {
    if (place === typed.length) whole = whole === null ? cost : Math.min(whole, cost)
    else next[place] = Math.min(next[place] ?? OUT_OF_REACH, isBegun ? cost + 1 : cost)
  }
  const hear = (sound: string, place: number, cost: number): void => {
    for (
      let length = 1;
      length <= sound.length && typed[place + length - 1] === sound[length - 1];
      length += 1
    )
      reach(place + length, cost, length < sound.length)
  }
  for (let place = 0; place < typed.length; place += 1) {
    const cost = reached[place] ?? OUT_OF_REACH
    if (cost === OUT_OF_REACH) continue
    if (typed[place] === character) reach(place + 1, cost, false)
    for (const sound of sounds) hear(sound, place, cost)
    if (byEar) for (const sound of alike) hear(sound, place, cost)
  }
  return whole
}

/** Both forms of keypad behind one face: what is sent for each use, and what is heard. Pure. */
import { encodeFrame, type Ff68Frame, FUNC, matchFrame, VOICE } from './frame.ts'
import type { Matcher } from './parser.ts'
import { KEY_COUNT, type KeypadProfile } from './profile.ts'
import { bytesOf, type Pattern, tableMatcher } from './table.ts'

/** A key of the unit, 0 for its first. `null` is a whole frame that is no key of this unit's. */
export type KeyReport = number | null

/** Each use is any number of frames, in this order; none where the unit cannot do it. */
export interface KeypadCodec {
  /** From now on the unit takes a press. */
  readonly start: readonly Uint8Array[]
  /** The press was taken. */
  readonly acknowledge: readonly Uint8Array[]
  /** Nothing is asked any more: lamps out. */
  readonly stop: readonly Uint8Array[]
  readonly beep: readonly Uint8Array[]
  /** @throws RangeError when there are not so many */
  lamps(count: number): readonly Uint8Array[]
  readonly match: Matcher<KeyReport>
}

export function keypadCodec(profile: KeypadProfile): KeypadCodec {
  return profile.form === 'ff68' ? ff68Codec(profile) : tableCodec(profile)
}

function ff68Codec({ address }: { address: number }): KeypadCodec {
  const frame = (func: number, ...data: number[]): Uint8Array =>
    encodeFrame({ address, func, data: Uint8Array.from(data) })
  const lamps = (count: number): Uint8Array[] => [frame(FUNC.lamps, lampCount(count))]
  return {
    start: [frame(FUNC.voice, VOICE.pleaseRate)],
    acknowledge: [frame(FUNC.voice, VOICE.thanks)],
    // No frame of this form ends the asking; the unit falls asleep by itself.
    stop: lamps(0),
    beep: [frame(FUNC.beep)],
    lamps,
    match: (bytes, at) => {
      const match = matchFrame(bytes, at)
      return typeof match === 'string' ? match : { size: match.size, value: keyOf(match.value, address) }
    },
  }
}

/** Other units on the pair, an adapter's echo of what was sent, and keys that the unit has not are no keys. */
function keyOf(frame: Ff68Frame, address: number): KeyReport {
  const [key, ...more] = frame.data
  if (frame.address !== address || frame.func !== FUNC.keyPressed || more.length > 0) return null
  return key !== undefined && key < KEY_COUNT ? key : null
}

function tableCodec(profile: Extract<KeypadProfile, { form: 'table' }>): KeypadCodec {
  const frames = (...patterns: (Pattern | null | undefined)[]): Uint8Array[] =>
    patterns.flatMap((pattern) => (pattern === null || pattern === undefined ? [] : [bytesOf(pattern)]))
  return {
    start: frames(profile.start),
    acknowledge: frames(profile.acknowledge),
    stop: frames(profile.stop, profile.lamps[0]),
    beep: frames(profile.beep),
    lamps: (count) => frames(profile.lamps[lampCount(count)]),
    match: tableMatcher(profile.keys.map((pattern, key) => ({ pattern, value: key }))),
  }
}

function lampCount(count: number): number {
  if (Number.isInteger(count) && count >= 0 && count <= KEY_COUNT) return count
  throw new RangeError(`a keypad has 0 to ${KEY_COUNT} lamps, not ${count}`)
}

import type { Counters, Peripheral } from '../status.ts'
import { supervise } from '../supervisor.ts'
import type { Connection } from '../transport/connection.ts'
import { openPort } from '../transport/open-port.ts'
import { Asking } from './asking.ts'
import { keypadCodec } from './codec.ts'
import { type KeyLevel, type KeypadForm, keypadProfile } from './profile.ts'
import { KEYPAD_TIMINGS, type KeypadTimings } from './timings.ts'

export interface KeypadCounters extends Counters {
  /** Presses that were nothing: at rest, late, bounces, repeated reports, several keys at once. */
  ignoredPresses: number
}

/**
 * A five-button evaluator (DEVICES §5). It cannot be asked quietly, for everything that is sent to it lights, speaks
 * or beeps, so its loss is noticed as far as its wire tells: a serial adapter that is unplugged at once, the unit
 * behind it never; a device server that closes at once, one that vanishes within seconds by TCP keepalive, or, when
 * a frame was on its way to it, as late as TCP gives up sending.
 */
export interface Keypad extends Peripheral {
  /** The level of each key by the unit's profile, 5 the best; the first key first. */
  readonly levels: readonly KeyLevel[]
  counters(): KeypadCounters
  /** Lets one press count from now on. A press of before belongs to what was asked before. */
  startRating(): void
  /** The press that was told has been kept: the unit says its thanks, the same for every key. */
  acknowledge(): void
  /** No press counts any more; nobody is thanked. */
  stopRating(): void
  /**
   * Lights so many lamps, 0 to 5. They count stars: lit while a rating is open they would hint at an answer, lit
   * after it they would tell staff the level, so the driver itself only ever puts them out.
   * @throws RangeError for any other number
   */
  lamps(count: number): void
  beep(): void
  /** Whether a press would count now: then whoever sees the wire sees somebody's answer. */
  isAsking(): boolean
  /** Called with the key that counts, 0 for the first; then none does until `startRating`. */
  onKey(listener: (key: number) => void): () => void
}

export interface KeypadOptions {
  driver: KeypadForm
  port: string
  /** The public ff68 form has a usual one; the table form has none. */
  profile?: string | undefined
}

/** Keeps a keypad at work on its port. An unknown profile is a wrong configuration and throws. */
export function superviseKeypad(options: KeypadOptions, timings: KeypadTimings = KEYPAD_TIMINGS): Keypad {
  const profile = keypadProfile(options.driver, options.profile)
  if (profile === undefined) {
    throw new Error(`keypad profile "${options.profile ?? ''}" is none of the ${options.driver} form`)
  }
  const codec = keypadCodec(profile)
  const asking = new Asking(codec, profile.asksForMs, timings)
  const peripheral = supervise<Connection>({
    port: options.port,
    open: (signal) => openPort(options.port, signal),
    attend: (connection, attendance) => asking.attend(connection, attendance),
  })
  return {
    ...peripheral,
    levels: profile.levels,
    counters: () => ({ ...peripheral.counters(), ignoredPresses: asking.ignoredPresses }),
    startRating: () => asking.start(),
    acknowledge: () => asking.acknowledge(),
    stopRating: () => asking.stop(),
    lamps: (count) => asking.line?.add(codec.lamps(count)),
    beep: () => asking.line?.add(codec.beep),
    isAsking: () => asking.isOpen,
    onKey: (listener) => asking.keys.add(listener),
    close: async () => {
      asking.close()
      await peripheral.close()
    },
  }
}

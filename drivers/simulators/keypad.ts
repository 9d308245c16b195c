import { encodeFrame, FUNC } from '../keypad/frame.ts'
import { FrameWatch } from '../keypad/frame-watch.ts'
import { FrameParser } from '../keypad/parser.ts'
import { type KeypadForm, type KeypadProfile, keypadProfile } from '../keypad/profile.ts'
import { bytesOf } from '../keypad/table.ts'
import { monotonicMs } from '../time.ts'
import { type KeypadCommand, keypadCommands } from './keypad-commands.ts'
import { Misuse } from './misuse.ts'
import { Wire } from './wire.ts'
import type { WireFaults } from './wire-faults.ts'

export interface KeypadSimulator {
  readonly port: string
  /** What a real unit would not have understood: defects of the driver. */
  readonly errors: readonly string[]
  readonly faults: WireFaults
  /** Key 0 is the first. False when the unit sleeps and reports nothing. */
  press(key: number): boolean
  /** A worn contact: the same key reported several times within milliseconds. */
  bounce(key: number, reports?: number): boolean
  /** A palm on the unit. */
  pressTogether(keys: readonly number[]): boolean
  /** Takes a press and says so. */
  asking(): boolean
  lamps(): number
  beeps(): number
  /** How often it was told to ask. */
  starts(): number
  /** How often it said its thanks. */
  acknowledgements(): number
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

export interface KeypadSimulatorOptions {
  /** `tcp://127.0.0.1:PORT`, port 0 takes a free one, or `pty:/PATH`. */
  listen: string
  /** Default `ff68-9600`. */
  profile?: string
  /** Reports keys at rest as well; most units sleep. */
  awake?: boolean
  /** How long it asks before it falls asleep; default as its profile says. */
  asksForMs?: number | null
  /** How long it works on a frame: one that comes meanwhile is an error, for the unit would have lost it. Default 20. */
  workMs?: number
  onError?: (error: string) => void
  /** Told of everything that the unit was made to do. */
  onCommand?: (command: KeypadCommand) => void
}

const USUAL_PROFILE = 'ff68-9600'
/** The units' small controllers: a frame is read and worked on before the next is. */
const WORK_MS = 20
/**
 * How late a frame may be seen here on a busy machine. It is lent, not given: who sends faster than the unit works
 * is found out.
 */
const LATENESS_MS = 100
/** As long as the driver itself waits for the rest of a frame. */
const FRAME_DEADLINE_MS = 500

/** The other end of a button evaluator's cable. @throws Error when there is no such profile, or no such port */
export async function startKeypadSimulator(options: KeypadSimulatorOptions): Promise<KeypadSimulator> {
  const name = options.profile ?? USUAL_PROFILE
  const profile = profileOf(name)
  if (profile === undefined) throw new Error(`there is no keypad profile "${name}"`)
  const unit = new Unit(profile, options)
  const [baud = 0] = profile.baudRates
  const wire = await Wire.listen(options.listen, unit, { baud, misuse: unit.misuse })
  unit.send = (bytes) => void wire.send(bytes)
  return {
    port: wire.port,
    errors: unit.misuse.errors,
    faults: wire.faults,
    press: (key) => unit.report([key]),
    bounce: (key, reports = 3) => unit.report(Array.from({ length: reports }, () => key)),
    pressTogether: (keys) => unit.report(keys),
    asking: () => unit.asking,
    lamps: () => unit.lamps,
    beeps: () => unit.beeps,
    starts: () => unit.starts,
    acknowledgements: () => unit.acknowledgements,
    unplug: () => wire.unplug(),
    plug: () => wire.plug(),
    close: async () => {
      unit.sleep()
      await wire.unplug()
    },
  }
}

const FORMS: readonly KeypadForm[] = ['ff68', 'table']

function profileOf(name: string): KeypadProfile | undefined {
  return FORMS.map((form) => keypadProfile(form, name)).find((profile) => profile !== undefined)
}

/** The unit behind the wire: it has its own power, so what it shows outlives a pulled cable. */
class Unit {
  readonly misuse: Misuse
  send: (bytes: Uint8Array) => void = () => {}
  asking = false
  lamps = 0
  beeps = 0
  starts = 0
  acknowledgements = 0
  #profile: KeypadProfile
  #awake: boolean
  #asksForMs: number | null
  #workMs: number
  #parser: FrameParser<KeypadCommand>
  #frameWatch: FrameWatch
  #workedOffMs = Number.NEGATIVE_INFINITY
  #asleep: NodeJS.Timeout | undefined
  #onCommand: ((command: KeypadCommand) => void) | undefined

  constructor(profile: KeypadProfile, options: KeypadSimulatorOptions) {
    this.misuse = new Misuse(options.onError)
    this.#onCommand = options.onCommand
    this.#profile = profile
    this.#awake = options.awake ?? false
    this.#asksForMs = options.asksForMs === undefined ? profile.asksForMs : options.asksForMs
    this.#workMs = options.workMs ?? WORK_MS
    this.#parser = new FrameParser(keypadCommands(profile))
    this.#frameWatch = this.#watchFrames()
  }

  attached(): void {
    this.#parser = new FrameParser(keypadCommands(this.#profile))
    this.#frameWatch = this.#watchFrames()
    this.#workedOffMs = Number.NEGATIVE_INFINITY
  }

  detached(): void {
    // What a pulled cable cut off is nobody's misuse.
    this.#frameWatch.stop()
  }

  data(chunk: Uint8Array): void {
    this.#take(() => this.#parser.push(chunk))
    this.#frameWatch.heard()
  }

  /** The unit falls asleep at its first key: whatever else is pressed before it is asked again goes unheard. */
  report(keys: readonly number[]): boolean {
    if (!this.asking && !this.#awake) return false
    for (const key of keys) this.send(this.#reportOf(key))
    this.sleep()
    return true
  }

  sleep(): void {
    clearTimeout(this.#asleep)
    this.asking = false
  }

  #watchFrames(): FrameWatch {
    return new FrameWatch(this.#parser, FRAME_DEADLINE_MS, (before) => {
      this.#take(() => this.#parser.abandon(before))
    })
  }

  #take(read: () => KeypadCommand[]): void {
    const before = this.#parser.discardedBytes
    for (const command of read()) this.#obey(command)
    const discarded = this.#parser.discardedBytes - before
    if (discarded > 0) this.misuse.record(`${discarded} bytes that are no frame of this unit's`)
  }

  #reportOf(key: number): Uint8Array {
    const profile = this.#profile
    const pattern = profile.form === 'table' ? profile.keys[key] : undefined
    if (pattern !== undefined) return bytesOf(pattern)
    if (profile.form === 'table') throw new RangeError(`this unit has no key ${key}`)
    return encodeFrame({ address: profile.address, func: FUNC.keyPressed, data: Uint8Array.of(key) })
  }

  #obey(command: KeypadCommand): void {
    const nowMs = monotonicMs()
    if (nowMs < this.#workedOffMs - LATENESS_MS) {
      this.misuse.record('a frame came while the unit was at work on another')
    }
    this.#workedOffMs = Math.max(nowMs, this.#workedOffMs) + this.#workMs
    switch (command.kind) {
      case 'start':
        this.starts += 1
        this.sleep()
        this.asking = true
        if (this.#asksForMs !== null) this.#asleep = setTimeout(() => this.sleep(), this.#asksForMs)
        break
      case 'acknowledge':
        this.acknowledgements += 1
        this.sleep()
        break
      case 'stop':
        this.sleep()
        break
      case 'lamps':
        this.lamps = command.count
        break
      case 'beep':
        this.beeps += 1
        break
      case 'misuse':
        this.misuse.record(command.error)
        break
    }
    this.#onCommand?.(command)
  }
}

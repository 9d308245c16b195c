import type { TriggerProfile } from '../scanner/profile.ts'
import { encodeSsi, readSsi, SSI, SSI_FROM_HOST, SSI_FROM_SCANNER } from '../scanner/ssi.ts'
import { monotonicMs } from '../time.ts'
import type { Misuse } from './misuse.ts'

export interface TriggerBehaviour {
  /** Reading ends with a code, as makes do in their trigger mode; else it goes on for the rest of the session. */
  endsAtCode?: boolean
  /** Answers that it will not, as outside of host trigger mode; only SSI can say so. */
  refuses?: boolean
  /** Answers nothing and does nothing. */
  isDead?: boolean
}

/** What modules come with; after it a triggered scanner reads no more. */
const SESSION_MS = 5000
/** Causes of an SSI nak. */
const NAK_CHECKSUM = 0x01
const NAK_UNKNOWN = 0x02
const NAK_DENIED = 0x06

type Command = { kind: 'start' | 'stop'; bytes: number } | { kind: 'misuse'; error: string; bytes: number }

/** The part of a scanner that is told when to read. Without a trigger it always reads. */
export class SimulatedTrigger {
  behaviour: TriggerBehaviour
  /** Sends to the driver. */
  answer: (bytes: Uint8Array) => void = () => {}
  /** Reading has begun. */
  began: () => void = () => {}
  starts = 0
  #trigger: TriggerProfile | null
  #misuse: Misuse
  #held: Uint8Array = new Uint8Array(0)
  #readsUntilMs = 0

  constructor(trigger: TriggerProfile | null, misuse: Misuse, behaviour: TriggerBehaviour = {}) {
    this.#trigger = trigger
    this.#misuse = misuse
    this.behaviour = behaviour
  }

  get isReading(): boolean {
    return !this.behaviour.isDead && (this.#trigger === null || monotonicMs() < this.#readsUntilMs)
  }

  /** A code was read. */
  hasRead(): void {
    if (this.behaviour.endsAtCode === true) this.#readsUntilMs = 0
  }

  /** The driver has gone: the rest of half a command never comes. */
  forget(): void {
    this.#held = new Uint8Array(0)
  }

  powerOff(): void {
    this.forget()
    this.#readsUntilMs = 0
  }

  /** Bytes of a serial line, cut anywhere. */
  data(chunk: Uint8Array): void {
    let bytes = Uint8Array.from(Buffer.concat([this.#held, chunk]))
    for (;;) {
      const command = bytes.length === 0 ? undefined : this.#read(bytes)
      if (command === undefined) break
      bytes = bytes.subarray(command.bytes)
      this.#obey(command)
    }
    this.#held = bytes
  }

  /** One output report, padded with NULs. */
  report(bytes: Uint8Array): void {
    const command = this.#fixed(bytes)
    if (command === undefined) this.#misuse.record(`a report that is no command: ${hex(bytes)}`)
    else if (bytes.subarray(command.bytes).some((byte) => byte !== 0)) {
      this.#misuse.record(`a command with more than NULs behind it: ${hex(bytes)}`)
    } else this.#obey(command)
  }

  /** Undefined = not whole yet. */
  #read(bytes: Uint8Array): Command | undefined {
    const fixed = this.#fixed(bytes)
    if (fixed !== undefined) return fixed
    if (this.#trigger?.reply.kind === 'ssi') return this.#readPacket(bytes)
    const commands = [this.#trigger?.start, this.#trigger?.stop]
    const isBeginning = commands.some((command) => command && startsWith(command, bytes))
    if (isBeginning) return undefined
    return { kind: 'misuse', error: `no command of this scanner begins with ${hex(bytes)}`, bytes: 1 }
  }

  #fixed(bytes: Uint8Array): Command | undefined {
    const { start, stop } = this.#trigger ?? { start: undefined, stop: undefined }
    if (start && startsWith(bytes, start)) return { kind: 'start', bytes: start.length }
    if (stop && startsWith(bytes, stop)) return { kind: 'stop', bytes: stop.length }
    return undefined
  }

  #readPacket(bytes: Uint8Array): Command | undefined {
    const packet = readSsi(bytes)
    if (packet === 'incomplete') return undefined
    if (packet === 'none')
      return { kind: 'misuse', error: `no SSI packet begins with ${hex(bytes)}`, bytes: 1 }
    if (packet === 'damaged') {
      this.#nak(NAK_CHECKSUM)
      return {
        kind: 'misuse',
        error: `an SSI packet with a wrong checksum: ${hex(bytes)}`,
        bytes: bytes.length,
      }
    }
    this.#nak(NAK_UNKNOWN)
    const why =
      packet.source === SSI_FROM_HOST ? 'an opcode it does not know' : 'another source than the host'
    return { kind: 'misuse', error: `an SSI packet with ${why}: ${hex(bytes)}`, bytes: packet.bytes }
  }

  #obey(command: Command): void {
    if (command.kind === 'misuse') this.#misuse.record(command.error)
    else if (this.behaviour.refuses === true) this.#nak(NAK_DENIED)
    else if (this.behaviour.isDead !== true) this.#turn(command.kind)
  }

  #turn(command: 'start' | 'stop'): void {
    const reply = this.#trigger?.reply
    if (reply?.kind === 'ssi') this.answer(encodeSsi(SSI.ack, SSI_FROM_SCANNER))
    if (reply?.kind === 'bytes') this.answer(reply.bytes)
    this.#readsUntilMs = command === 'start' ? monotonicMs() + SESSION_MS : 0
    if (command === 'stop') return
    this.starts += 1
    this.began()
  }

  #nak(cause: number): void {
    this.answer(encodeSsi(SSI.nak, SSI_FROM_SCANNER, Uint8Array.of(cause)))
  }
}

function startsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  return bytes.length >= beginning.length && beginning.every((byte, index) => bytes[index] === byte)
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 16)).toString('hex').toUpperCase()
}

import type { Attendance } from '../supervisor.ts'
import type { Connection } from '../transport/connection.ts'
import { type StatusQuery, statusQuery } from './escpos.ts'
import { ALL_CLEAR, type PrinterReply, type PrinterState, ReplyParser, readStatus } from './status.ts'

/** Three bytes. */
const QUERY_WRITE_DEADLINE_MS = 1000
/** 4 kB take 4.3 s at 9600 baud, the slowest speed such printers are set to. */
const PIECE_BYTES = 4096
const PIECE_WRITE_DEADLINE_MS = 10_000

/** How asking for the status ended: what the printer said, nothing in time, nothing whole, or the wire is gone. */
export type StatusAnswer = { kind: 'state'; state: PrinterState } | { kind: 'silent' | 'garbled' | 'gone' }

const QUERIES: readonly StatusQuery[] = [1, 2, 3, 4]

/** One connection to a printer: one status query in flight, whole commands, and proofs as they come. */
export class PrinterLine {
  #statusDeadlineMs: number
  #connection: Connection
  #attendance: Attendance
  #parser = new ReplyParser()
  #waiting: ((byte: number | undefined) => void) | undefined
  #countedDiscarded = 0
  /** Called with every proof: a print-done mark or the byte that answers an in-order marker. */
  onProof: ((reply: PrinterReply) => void) | undefined

  constructor(connection: Connection, attendance: Attendance, statusDeadlineMs: number) {
    this.#statusDeadlineMs = statusDeadlineMs
    this.#connection = connection
    this.#attendance = attendance
    connection.onData((chunk) => this.#take(this.#parser.push(chunk)))
    attendance.signal.addEventListener('abort', () => this.#answer(undefined), { once: true })
  }

  /** Asks all four real-time questions, one after the other; an unanswered one is the end of it. */
  async status(): Promise<StatusAnswer> {
    const bytes = { ...ALL_CLEAR }
    const discardedBefore = this.#parser.discardedBytes
    for (const n of QUERIES) {
      const byte = await this.#ask(n)
      if (this.#attendance.signal.aborted) return { kind: 'gone' }
      if (byte === undefined)
        return { kind: this.#parser.discardedBytes > discardedBefore ? 'garbled' : 'silent' }
      bytes[n] = byte
    }
    return { kind: 'state', state: readStatus(bytes) }
  }

  /** Writes whole commands. False when the connection ended on the way. */
  async write(commands: readonly Uint8Array[]): Promise<boolean> {
    for (const piece of pieces(commands)) {
      if (!(await this.#connection.write(piece, PIECE_WRITE_DEADLINE_MS))) return false
    }
    return true
  }

  async #ask(n: StatusQuery): Promise<number | undefined> {
    if (this.#attendance.signal.aborted) return undefined
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    this.#waiting = resolve
    const deadline = setTimeout(() => {
      this.#attendance.counters.deadlineAborts += 1
      // Half a block or half an automatic status must not swallow the next answer (field row 15).
      this.#take(this.#parser.abandon())
      this.#answer(undefined)
    }, this.#statusDeadlineMs)
    if (!(await this.#connection.write(statusQuery(n), QUERY_WRITE_DEADLINE_MS))) this.#answer(undefined)
    const byte = await promise
    clearTimeout(deadline)
    return byte
  }

  #take(replies: PrinterReply[]): void {
    const { counters } = this.#attendance
    counters.discardedBytes += this.#parser.discardedBytes - this.#countedDiscarded
    this.#countedDiscarded = this.#parser.discardedBytes
    for (const reply of replies) {
      counters.frames += 1
      if (reply.kind === 'status') this.#answer(reply.byte)
      else if (reply.kind === 'print-done' || reply.kind === 'marker') this.onProof?.(reply)
    }
  }

  #answer(byte: number | undefined): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.(byte)
  }
}

/** Whole commands joined up to the piece size; a single command may be longer. */
function* pieces(commands: readonly Uint8Array[]): Generator<Uint8Array> {
  let group: Uint8Array[] = []
  let size = 0
  for (const command of commands) {
    if (size > 0 && size + command.length > PIECE_BYTES) {
      yield Buffer.concat(group)
      group = []
      size = 0
    }
    group.push(command)
    size += command.length
  }
  if (size > 0) yield Buffer.concat(group)
}

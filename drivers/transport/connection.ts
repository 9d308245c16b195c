import { startDeadline } from '../deadline.ts'
import { warnOfDefect } from '../listeners.ts'
import type { FaultReason } from '../status.ts'
import { sleep } from '../time.ts'
import { opened, passed } from './tap.ts'

/**
 * Why a connection is over. For a driver close, error and silence mean the same (field row 1); the difference is
 * for the technician.
 */
export interface Closed {
  cause: 'closed-here' | 'closed-there' | 'error' | 'write-deadline'
  detail: string
}

/** What only USB HID devices tell of themselves. */
export interface HidIdentity {
  /** As the kernel shows it; undefined where it cannot be had, and then offsets come from a profile. */
  reportDescriptor: Uint8Array | undefined
  vendorId: number
  productId: number
}

/**
 * One opened wire. It is used once: when it is over, for whatever reason, nothing that was written can still be
 * sent by it (field row 8), and another opening gives another connection.
 */
export interface Connection {
  readonly port: string
  /** On USB HID only: the wire there is made of reports, in the form of Linux's hidraw. */
  readonly hid?: HidIdentity
  /**
   * Resolves to false when the connection is over; a write that takes longer than the deadline ends it. On a
   * serial line true means that the bytes have left. On USB HID the bytes are exactly one output report, its
   * first byte the report id (00 for a device that numbers none).
   */
  write(bytes: Uint8Array, deadlineMs: number): Promise<boolean>
  /**
   * One listener, who owns the chunk and may wipe it. Bytes that come while there is none are dropped, except
   * those of TCP's first moment and on USB HID, where reading begins here; so listen before asking. On USB HID
   * each chunk is exactly one input report, which begins with its id when the device numbers its reports.
   */
  onData(listener: (chunk: Uint8Array) => void): void
  /** Resolves once, after the wire is free for the next opening (field row 10). Never rejects. */
  readonly closed: Promise<Closed>
  close(): Promise<void>
}

/** `detail` is one line for the technician; `reason` is for failures that say more than "cannot open". */
export type Opened<L> = { ok: true; link: L } | { ok: false; detail: string; reason?: FaultReason }

/** A wire as its own kind knows it, before the single-use rules are put around it. */
export interface RawWire {
  /** Resolves when the bytes were taken, or rejects. It may also do neither (field row 9). */
  send(bytes: Uint8Array): Promise<void>
  /** Called at the first listener, by wires that hold back what comes until then. */
  listen?(): void
  /** Frees the wire. Called once. */
  shut(): Promise<void>
}

/** What a kind of wire tells its connection. */
export interface ConnectionEnd {
  connection: Connection
  received(chunk: Uint8Array): void
  over(cause: 'closed-there' | 'error', detail: string): void
}

/** A stuck kernel driver may never finish closing; the supervisor must get on regardless. */
const CLOSE_DEADLINE_MS = 1000

/** Puts the single-use rules around a wire that has just been opened. */
export function singleUse(port: string, wire: RawWire, hid?: HidIdentity): ConnectionEnd {
  const { promise: closed, resolve: settle } = Promise.withResolvers<Closed>()
  /** What is being written: answered at once when the wire ends under it. */
  const writing = new Set<PromiseWithResolvers<boolean>>()
  let listener: ((chunk: Uint8Array) => void) | undefined
  let ended = false
  opened(port)

  const end = (cause: Closed['cause'], detail: string): void => {
    if (ended) return
    ended = true
    listener = undefined
    for (const { resolve } of writing) resolve(false)
    const freed = new AbortController()
    // A wire that is gone may well fail to close, too.
    void wire
      .shut()
      .catch(() => {})
      .then(() => freed.abort())
    void sleep(CLOSE_DEADLINE_MS, freed.signal).then(() => settle({ cause, detail }))
  }

  const received = (chunk: Uint8Array): void => {
    if (listener === undefined) {
      // Half a card may be on its way when a connection ends: what nobody hears is not left lying about.
      chunk.fill(0)
      return
    }
    passed(port, 'in', chunk)
    try {
      listener(chunk)
    } catch (error) {
      // Thrown on into a stream or a native module it would end the process (field row 17).
      warnOfDefect(`the listener at ${port} threw`, error)
      end('error', 'a defect of the driver; it was started again')
    }
  }

  const write = async (bytes: Uint8Array, deadlineMs: number): Promise<boolean> => {
    if (ended) return false
    passed(port, 'out', bytes)
    const taken = startDeadline(deadlineMs, () => {
      end('write-deadline', `${bytes.length} bytes were not taken within ${deadlineMs} ms`)
    })
    // Not raced against a promise of the wire's end, which would keep every one of them for as long as the wire holds.
    const written = Promise.withResolvers<boolean>()
    writing.add(written)
    wire.send(bytes).then(
      () => written.resolve(!ended),
      (error: unknown) => {
        end('error', messageOf(error))
        written.resolve(false)
      },
    )
    try {
      return await written.promise
    } finally {
      writing.delete(written)
      taken()
    }
  }

  const connection: Connection = {
    port,
    write,
    onData: (next) => {
      if (ended) return
      const first = listener === undefined
      listener = next
      if (first) wire.listen?.()
    },
    closed,
    close: async () => {
      end('closed-here', 'closed by this program')
      await closed
    },
  }
  return { connection: hid === undefined ? connection : { ...connection, hid }, received, over: end }
}

/** Native modules reject with strings as well as with errors. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

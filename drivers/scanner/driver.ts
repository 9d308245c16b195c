import { createHash } from 'node:crypto'
import { Listeners } from '../listeners.ts'
import type { Peripheral } from '../status.ts'
import { type Attendance, type Ending, lineLost, supervise } from '../supervisor.ts'
import { monotonicMs } from '../time.ts'
import type { Connection } from '../transport/connection.ts'
import { openPort } from '../transport/open-port.ts'
import { type RawScan, SerialScanParser } from './serial.ts'
import { decodeScan, type Scan } from './text.ts'

export type { Scan } from './text.ts'

export interface Scanner extends Peripheral {
  onScan(listener: (scan: Scan) => void): () => void
}

/** A code ends at this silence when the scanner sends no suffix (DEVICES §2.1). */
const SILENCE_MS = 50
/** A paper held still under the window is read again and again: that is one scan, counted from the last sight. */
export const SAME_CODE_MS = 2000

/** Keeps a serial or USB-CDC barcode scanner at work on its port. */
export function superviseScanner(options: { driver: 'serial'; port: string }): Scanner {
  const scans = new Listeners<Scan>()
  // Outside the connection: a cable that is replugged while a code lies there does not make it a new scan.
  const repeats = new RepeatFilter()
  const peripheral = supervise<Connection>({
    port: options.port,
    open: (signal) => openPort(options.port, signal),
    attend: (connection, attendance) =>
      attend(connection, attendance, (scan) => {
        if (!repeats.isRepeat(scan, monotonicMs())) scans.emit(scan)
      }),
  })
  return {
    ...peripheral,
    onScan: (listener) => scans.add(listener),
    close: async () => {
      await peripheral.close()
      scans.clear()
      repeats.forget()
    },
  }
}

async function attend(
  connection: Connection,
  attendance: Attendance,
  emit: (scan: Scan) => void,
): Promise<Ending> {
  const { signal, counters } = attendance
  const parser = new SerialScanParser()
  let discarded = 0
  let timer: NodeJS.Timeout | undefined
  const hand = (raws: RawScan[]): void => {
    counters.discardedBytes += parser.discardedBytes - discarded
    discarded = parser.discardedBytes
    for (const raw of raws) {
      counters.frames += 1
      emit(raw.kind === 'bytes' ? decodeScan(raw.bytes) : { kind: 'rejected', reason: 'too-long' })
    }
  }
  connection.onData((chunk) => {
    clearTimeout(timer)
    hand(parser.push(chunk))
    chunk.fill(0)
    if (parser.unfinished) timer = setTimeout(() => hand(parser.silence()), SILENCE_MS)
  })
  // A scanner is not asked anything: its line being open is all that can be known of it.
  attendance.ready()
  await aborted(signal)
  // Half a code of a pulled cable is not a code.
  clearTimeout(timer)
  return lineLost(connection, signal)
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** Tells a code that is seen again from a new one. Pure but for the time it is given. */
export class RepeatFilter {
  #last: { key: string; atMs: number } | undefined

  isRepeat(scan: Scan, atMs: number): boolean {
    // Rejections count as well: a code of nothing but control characters is cut to pieces by its own CRs.
    const content = scan.kind === 'scanned' ? `scanned ${scan.text}` : `rejected ${scan.reason}`
    // A digest, because what was scanned may be somebody's and must not stay in memory.
    const key = createHash('sha256').update(content).digest('base64')
    const repeat = this.#last?.key === key && atMs - this.#last.atMs < SAME_CODE_MS
    this.#last = { key, atMs }
    return repeat
  }

  forget(): void {
    this.#last = undefined
  }
}

/** What was acknowledged to somebody, written where no fault reaches it; the next step waits for it. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

/** A touch that the next page was shown for, a rating that was thanked for, a fact that was told as kept. */
export type Acknowledged =
  | { kind: 'tapped' | 'rated'; caseNo: string; level: number }
  | { kind: 'refused'; caseNo: string; code: string }
  | { kind: 'enrolled'; deviceId: string }

export interface Ledger {
  note(entry: Acknowledged): void
  close(): void
}

export function openLedger(path: string): Ledger {
  const file = openSync(path, 'a')
  return {
    note: (entry) => void writeSync(file, `${JSON.stringify(entry)}\n`),
    close: () => closeSync(file),
  }
}

/** Everything that was noted whole; the rest of a killed writer's last line is nothing that anybody was told. */
export function readLedger(path: string): Acknowledged[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Acknowledged)
}

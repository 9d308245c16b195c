import { ReceiptDocumentError } from './document.ts'

/** A whole command and how many rows of dots the paper moves by it. */
export interface PrintCommand {
  bytes: Uint8Array
  rows: number
}

/** 3 m, some 750 lines: a document of that length is a mistake, and would use up the roll of a whole hall. */
export const MAX_TAPE_ROWS = 24_000
const ROWS_PER_METRE = 8000

/** A document's commands may hold a name; they are worth nothing once they were written. */
export function wipe(commands: readonly PrintCommand[]): void {
  for (const { bytes } of commands) bytes.fill(0)
}

/** The commands of one document in order, with the length of its paper. */
export class Tape {
  readonly commands: PrintCommand[] = []
  #rows = 0

  get rows(): number {
    return this.#rows
  }

  /** Commands that move no paper. */
  set(...commands: Uint8Array[]): void {
    for (const bytes of commands) this.commands.push({ bytes, rows: 0 })
  }

  /** @throws ReceiptDocumentError at once when the paper grows too long, so that no document fills the memory */
  print(bytes: Uint8Array, rows: number): void {
    this.#rows += rows
    this.commands.push({ bytes, rows })
    if (this.#rows > MAX_TAPE_ROWS) {
      const metres = MAX_TAPE_ROWS / ROWS_PER_METRE
      throw new ReceiptDocumentError(
        'too-long',
        `longer than ${metres} m of paper; print it on A4 or in parts`,
      )
    }
  }
}

import type { PrintCommand } from './tape.ts'

/** Half a second at 9600 baud: no longer is a printer that has stopped still fed, or a dead line believed in. */
const PIECE_BYTES = 512

/** Whole commands in groups up to the piece size; a single command may be longer. */
export function* pieces(commands: readonly PrintCommand[]): Generator<PrintCommand[]> {
  let group: PrintCommand[] = []
  let size = 0
  for (const command of commands) {
    if (size > 0 && size + command.bytes.length > PIECE_BYTES) {
      yield group
      group = []
      size = 0
    }
    group.push(command)
    size += command.bytes.length
  }
  if (size > 0) yield group
}

export function sizeOf(commands: readonly PrintCommand[]): { bytes: number; rows: number } {
  let [bytes, rows] = [0, 0]
  for (const command of commands) {
    bytes += command.bytes.length
    rows += command.rows
  }
  return { bytes, rows }
}

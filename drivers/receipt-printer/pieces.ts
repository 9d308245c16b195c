import type { PrintCommand } from './tape.ts'

/** Half a second at 9600 baud: no longer is a printer that has stopped still fed, or a dead line believed in. */
const PIECE_BYTES = 512

/** Whole commands joined up to the piece size; a single command may be longer. Each piece is a copy of its own. */
export function* pieces(commands: readonly PrintCommand[]): Generator<PrintCommand> {
  let group: PrintCommand[] = []
  let size = 0
  for (const command of commands) {
    if (size > 0 && size + command.bytes.length > PIECE_BYTES) {
      yield joined(group)
      group = []
      size = 0
    }
    group.push(command)
    size += command.bytes.length
  }
  if (size > 0) yield joined(group)
}

function joined(group: readonly PrintCommand[]): PrintCommand {
  return {
    bytes: Buffer.concat(group.map(({ bytes }) => bytes)),
    rows: group.reduce((sum, { rows }) => sum + rows, 0),
  }
}

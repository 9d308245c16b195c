/** A logger whose lines can be read. */
import { type Logger, pino } from 'pino'

export interface KeptLog {
  logger: Logger
  text(): string
}

export function keptLog(): KeptLog {
  const lines: string[] = []
  const logger = pino({}, { write: (line: string) => lines.push(line) })
  return { logger, text: () => lines.join('') }
}

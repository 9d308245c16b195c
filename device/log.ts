import { type Logger, pino } from 'pino'

export type { Logger }

/**
 * To standard error: standard output belongs to the command's own words.
 * @param book also gets each line, for the technician who comes later
 */
export const createLogger = (book?: { write(line: string): void }): Logger => {
  const stderr = pino.destination({ dest: 2, sync: true })
  if (book === undefined) return pino({ base: null }, stderr)
  const write = (line: string): void => {
    stderr.write(line)
    book.write(line)
  }
  return pino({ base: null }, { write })
}

/**
 * What an unexpected error may say in a log: its kind and its places. Its message stays out, for it may quote what
 * was read from a card or typed by a person.
 */
export const describeTrouble = (error: unknown): { error: string; code?: string; places: string[] } => {
  if (!(error instanceof Error)) return { error: typeof error, places: [] }
  const places = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return {
    error: error.name,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    places: places.map((line) => line.trim()),
  }
}

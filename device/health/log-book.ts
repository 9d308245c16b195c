/**
 * What a device's program has said lately, since its start and before: kept in memory, and in two small files that take
 * turns, so that the last words before a crash are there at the next start. Redacted by construction: of a line only
 * known fields get in, none of which anybody's data is ever put into, and what looks like a number of a person is
 * struck out of its words all the same.
 */
import { appendFileSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { formatInstant } from '../../sync/protocol/identifiers.ts'

/** A day of a quiet device, an hour of one with a loose cable. */
const LINES_AT_MOST = 500
/** A line is some 150 bytes; one with the places of a defect ten times that. */
const FILE_BYTES_AT_MOST = 128 * 1024
const TEXT_CHARACTERS_AT_MOST = 400
const FOLDER = 'log'
const [FILE, BEFORE] = ['device.log', 'device.log.1']
const OWNER_ONLY_FOLDER = 0o700
const OWNER_ONLY = 0o600

export interface LogLine {
  /** RFC 3339. */
  at: string
  level: 'info' | 'warn' | 'error'
  /** Empty where it has none. */
  code: string
  text: string
}

export interface LogBook {
  /** The newest last. */
  lines(): LogLine[]
  /** One line of pino's, JSON with its line end; whatever is none is left out. */
  write(line: string): void
}

const books = new Map<string, LogBook>()

/** The one of this data folder: whoever writes and whoever reads in this process has the same. */
export const logBookIn = (dataDir: string): LogBook => {
  const folder = resolve(dataDir)
  const book = books.get(folder) ?? openLogBook(folder)
  books.set(folder, book)
  return book
}

const openLogBook = (dataDir: string): LogBook => {
  const folder = join(dataDir, FOLDER)
  const lines = [BEFORE, FILE].flatMap((name) => linesIn(join(folder, name))).slice(-LINES_AT_MOST)
  let fileBytes = bytesOf(join(folder, FILE))

  const keep = (line: LogLine): void => {
    const text = `${JSON.stringify(line)}\n`
    const bytes = Buffer.byteLength(text)
    try {
      const made = mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER }) !== undefined
      // The folder was emptied: this device has been retired, and what it said goes with it.
      if (made && fileBytes > 0) lines.splice(0, lines.length - 1)
      if (made) fileBytes = 0
      if (fileBytes + bytes > FILE_BYTES_AT_MOST) {
        renameSync(join(folder, FILE), join(folder, BEFORE))
        fileBytes = 0
      }
      appendFileSync(join(folder, FILE), text, { mode: OWNER_ONLY })
      fileBytes += bytes
    } catch {
      // A disk that takes nothing is told of by others; the line is in memory.
    }
  }

  return {
    lines: () => [...lines],
    write(text) {
      const line = lineOf(text)
      if (line === null) return
      lines.push(line)
      if (lines.length > LINES_AT_MOST) lines.shift()
      keep(line)
    },
  }
}

/** pino's levels as numbers. */
const WARN = 40
const ERROR = 50

/** The only fields of a line that get in: codes of this software's own, and where a defect was met. */
const Said = z.object({
  level: z.number(),
  time: z.number(),
  msg: z.string().optional(),
  code: z.string().optional(),
  reason: z.string().nullable().optional(),
  alarm: z.string().optional(),
  line: z.string().optional(),
  role: z.string().optional(),
  error: z.string().optional(),
  places: z.array(z.string()).optional(),
})

const lineOf = (text: string): LogLine | null => {
  const read = Said.safeParse(parsed(text))
  if (!read.success) return null
  const { level, time, msg = '', code, reason, alarm, line, role, error, places = [] } = read.data
  const codes = [alarm, line, reason, role].filter((one) => typeof one === 'string')
  const [place] = places
  const words = [
    msg,
    ...(codes.length === 0 ? [] : [`(${codes.join(', ')})`]),
    ...(error === undefined ? [] : [error]),
    ...(place === undefined ? [] : [place]),
  ].join(' ')
  return {
    at: formatInstant(new Date(time)),
    level: level >= ERROR ? 'error' : level >= WARN ? 'warn' : 'info',
    code: code ?? alarm ?? reason ?? '',
    text: withoutNumbers(words).slice(0, TEXT_CHARACTERS_AT_MOST),
  }
}

/** Identity numbers, telephone numbers, bank cards: nothing that this software says of itself has so many digits. */
const withoutNumbers = (text: string): string => text.replace(/\d{11,}[Xx]?/g, '[number]')

const Kept = z.object({
  at: z.string(),
  level: z.enum(['info', 'warn', 'error']),
  code: z.string(),
  text: z.string(),
})

/** A line that a cut of power left half written is passed over. */
const linesIn = (path: string): LogLine[] =>
  textOf(path)
    .split('\n')
    .flatMap((line) => {
      const read = Kept.safeParse(parsed(line))
      return read.success ? [read.data] : []
    })

const bytesOf = (path: string): number => Buffer.byteLength(textOf(path))

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

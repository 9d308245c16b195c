/** The shape of one command of `window24 hall` (PROTOCOLS.md §5), and what all of them read alike. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

export const DONE = 0
export const FAULT_FOUND = 1
export const WRONG_USE = 2

type Options = NonNullable<ParseArgsConfig['options']>

/** What every command takes beside its own options. */
const shared = {
  data: { type: 'string' },
  database: { type: 'string' },
  help: { type: 'boolean' },
} as const

export type SharedValues = { data: string; database: string | null }

/** What `parseArgs` makes of a set of options. */
type Read<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values']

export interface Given<O extends Options> {
  /** `--data`, never empty, and `--database` or WINDOW24_DATABASE; null where neither is given. */
  hall: SharedValues
  values: Read<O>
  /** The words behind the command's name. */
  words: string[]
}

export interface HallCommand {
  /** What `--help` shows: how it is called, then what it does, two spaces further in. */
  help: string
  /** @returns the exit code. @throws WrongUse, HallError, StoreError */
  run(args: string[]): Promise<number>
}

/** The command was called in a way that it cannot be: exit code 2, with its help. */
export class WrongUse extends Error {}

/** Answered instead of running: somebody asked for help. */
export const HELP_ASKED = Symbol('help asked')

/**
 * A PostgreSQL address holds a password, which everybody on a machine can read in the list of its processes: the
 * environment of a process is its user's own.
 */
const DATABASE_VARIABLE = 'WINDOW24_DATABASE'

/**
 * @param words how many words may follow the command's name
 * @param needsData false where nothing of a hall is read
 */
export function defineCommand<const O extends Options>(command: {
  help: string
  options: O
  words?: { min: number; max: number }
  needsData?: boolean
  run(given: Given<O>): Promise<number>
}): HallCommand {
  const { min, max } = command.words ?? { min: 0, max: 0 }
  return {
    help: command.help,
    async run(args) {
      if (asksForHelp(args)) throw HELP_ASKED
      const { values, positionals } = read({ ...shared, ...command.options }, args)
      if (positionals.length > max)
        throw new WrongUse(`"${positionals.slice(max).join(' ')}" is one word too many`)
      if (positionals.length < min) throw new WrongUse('something is missing behind its name')
      const { data, database } = values as { data?: string; database?: string }
      if ((data === undefined || data === '') && command.needsData !== false)
        throw new WrongUse('--data DIR is needed: the folder that this hall keeps everything in')
      const hall = { data: data ?? '', database: database ?? databaseOfEnvironment() }
      return await command.run({ hall, values: values as Read<O>, words: positionals })
    },
  }
}

/** Set to nothing, as a line left empty in a service's file does, is not set. */
function databaseOfEnvironment(): string | null {
  return process.env[DATABASE_VARIABLE] || null
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).includes('--help')
}

/** @throws WrongUse */
function read(options: Options, args: string[]): { values: object; positionals: string[] } {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    if (error instanceof TypeError) throw new WrongUse(error.message)
    throw error
  }
}

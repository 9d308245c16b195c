/** `window24 hall` and its commands (PROTOCOLS.md §5): which one is meant, and how it ended. */
import { StoreError } from '../sqlite.ts'
import { DONE, FAULT_FOUND, type HallCommand, HELP_ASKED, WRONG_USE, WrongUse } from './commands/command.ts'
import { type OutputWatch, watchOutput } from './commands/output.ts'
import { hallCommands, server } from './commands/table.ts'
import { HallError } from './fault.ts'

const COMMON_HELP = `  every command takes
      --data DIR       the folder that the hall keeps everything in
      --database URL   postgres://… where the hall's records lie there; better in the environment as
                       WINDOW24_DATABASE, since others can read a process's arguments
      --help

  exit codes: 0 done, 1 fault found, 2 wrong use
`

/** @returns the exit code, once the command is done or the server has been stopped */
export async function hallCommand(args: string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name.startsWith('-')) return await ended(server, args, wholeHelp())
  if (name === 'help') {
    return await ended(server, ['--help'], wholeHelp())
  }
  const command = Object.hasOwn(hallCommands, name) ? hallCommands[name] : undefined
  if (command !== undefined) return await ended(command, rest, `${command.help}\n${COMMON_HELP}`)
  process.stderr.write(`window24 hall: nothing here is called "${name}"\n\n${wholeHelp()}`)
  return WRONG_USE
}

async function ended(command: HallCommand, args: string[], help: string): Promise<number> {
  const output = watchOutput()
  const code = await codeOf(command, args, help, output)
  const fault = await output.end()
  if (fault === null) return code
  process.stderr.write(
    `window24 hall: what it prints could not be written (${fault.code}): not all of it is there\n`,
  )
  return FAULT_FOUND
}

async function codeOf(
  command: HallCommand,
  args: string[],
  help: string,
  output: OutputWatch,
): Promise<number> {
  try {
    return await command.run(args)
  } catch (error) {
    if (error === HELP_ASKED) {
      process.stdout.write(help)
      return DONE
    }
    if (error instanceof WrongUse) {
      process.stderr.write(`window24 hall: ${error.message}\n\n${help}`)
      return WRONG_USE
    }
    if (output.said(error)) return FAULT_FOUND
    if (!(error instanceof HallError || error instanceof StoreError)) throw error
    process.send?.({ ready: false, code: error.code, message: error.message })
    process.stderr.write(`window24 hall: ${error.message}\n`)
    return FAULT_FOUND
  }
}

function wholeHelp(): string {
  const all = [server, ...Object.values(hallCommands)].map(({ help }) => help).join('\n')
  return `window24 hall: the hall server\n\n${all}\n${COMMON_HELP}`
}

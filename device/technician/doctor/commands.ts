/** Command lines that a technician is told to type. */
import { basename, dirname } from 'node:path'

export interface Command {
  command: string
}

/** Who types, and how this program was started: what is printed has to work when it is typed as it stands. */
export interface Shell {
  /** `window24`, `npx window24`, or a path. */
  program: string
  isRoot: boolean
}

export const RULES_FILE = '/etc/udev/rules.d/99-window24.rules'

/** Debian's group for serial lines; the rules give it the HID devices too, so that one membership does. */
export const PORT_GROUP = 'dialout'

/** Where a command is found by its name alone, by root's shell as by anybody's. */
const SYSTEM_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin']

/** `script` is what the runtime was given to run, argv[1]. */
export const shellOf = (script: string, environment: NodeJS.ProcessEnv): Shell => ({
  program: programOf(script, environment),
  isRoot: process.getuid?.() === 0,
})

const programOf = (script: string, { npm_command: npm }: NodeJS.ProcessEnv): string => {
  if (basename(script) === INSTALLED && SYSTEM_FOLDERS.includes(dirname(script))) return INSTALLED
  return npm === 'exec' ? `npx ${INSTALLED}` : quoted(script)
}

const INSTALLED = 'window24'

/** A machine where one logs in as root may lack sudo. */
export const asRoot = ({ isRoot }: Shell, command: string): Command => ({
  command: isRoot ? command : `sudo ${command}`,
})

/**
 * With the configuration in hand the rules cover its devices, too, whatever their make. They go to a file of their
 * own first: a command that fails must not empty the rules that are there.
 */
export const installRules = (shell: Shell, config: string | null): Command[] => {
  const install = asRoot(shell, `install -m 644 "$rules" ${RULES_FILE}`).command
  const reload = asRoot(shell, 'udevadm control --reload').command
  const trigger = asRoot(shell, 'udevadm trigger').command
  return [
    {
      command: `rules=$(mktemp) && ${doctor(shell.program, config)} --udev-rules > "$rules" && ${install}`,
    },
    { command: `${reload} && ${trigger}` },
  ]
}

/** The same look with root's eyes, and that user's rights unless it is null. */
export const lookAsRoot = (
  shell: Shell,
  user: string | null,
  config: string | null,
  dataDir: string | null = null,
): Command => {
  const { program } = shell
  // sudo looks for commands in the system's folders only, where no checkout has its runtime.
  const found = program === INSTALLED ? '' : 'env "PATH=$PATH" '
  const judged = user === null ? '' : ` --user ${quoted(user)}`
  const data = dataDir === null ? '' : ` --data ${quoted(dataDir)}`
  return asRoot(shell, `${found}${doctor(program, config)}${data}${judged}`)
}

const doctor = (program: string, config: string | null): string =>
  `${program} doctor${config === null ? '' : ` --config ${quoted(config)}`}`

interface Holding {
  pid: number
  unit: string | null
}

/** How a holder is made to let go. */
export type Release =
  | { kind: 'service'; commands: Command[] }
  | { kind: 'program'; commands: Command[] }
  /** Several, or the first process of all: which of them may go is for a person to say. */
  | { kind: 'ask'; commands: Command[] }

const INIT_PID = 1

/** Services by their name, for systemd starts them again; of other programs one at most. */
export const release = (shell: Shell, holders: readonly Holding[]): Release => {
  const units = [...new Set(holders.map(({ unit }) => unit))]
  const [unit = null] = units
  const [first, ...others] = holders
  if (units.length === 1 && unit !== null)
    return { kind: 'service', commands: [asRoot(shell, `systemctl stop ${quoted(unit)}`)] }
  if (first !== undefined && others.length === 0 && first.pid !== INIT_PID)
    return { kind: 'program', commands: [asRoot(shell, `kill ${first.pid}`)] }
  const pids = holders.map(({ pid }) => pid).join(',')
  return { kind: 'ask', commands: [{ command: `ps -o pid,user,unit,comm -p ${pids}` }] }
}

/** Takes back these jobs and no others: other offices may print at the same queue. */
export const cancelJobs = (shell: Shell, queue: string, jobs: readonly number[]): Command =>
  asRoot(shell, `cancel -x ${jobs.map((job) => quoted(`${queue}-${job}`)).join(' ')}`)

/** Takes the byte order mark off a file. */
export const STRIP_BOM = "sed -i '1s/^\\xEF\\xBB\\xBF//'"

/** Where a folder may be given to another user: elsewhere it belongs to the system, or is somebody's home. */
const OWN_FOLDERS = /^\/(var\/lib|srv|home\/[^/]+)\/[^/]/

export const mayChangeOwner = (folder: string): boolean => OWN_FOLDERS.test(folder)

/** One word for a shell: names of queues and files are free, and what is printed here is typed by root. */
export const quoted = (word: string): string =>
  /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** `window24 simulate`: the other end of one wire, moved by what is typed. */
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { idReader } from './simulate/id-reader.ts'
import { keypad } from './simulate/keypad.ts'
import { COMMON_FORMS, formsOf, type Kind, type Simulated, wireFault } from './simulate/kind.ts'
import { pagePrinter } from './simulate/page-printer.ts'
import { province } from './simulate/province.ts'
import { receiptPrinter } from './simulate/receipt-printer.ts'
import { scanner } from './simulate/scanner.ts'

const KINDS = {
  'id-reader': idReader,
  scanner,
  'receipt-printer': receiptPrinter,
  keypad,
  'page-printer': pagePrinter,
  province,
} as const satisfies Record<string, Kind>

const NAME_COLUMN = 18

/** A name, and beside it one line or several. */
const section = (name: string, lines: readonly string[]): string =>
  lines.map((line, index) => `  ${(index === 0 ? name : '').padEnd(NAME_COLUMN)}${line}`).join('\n')

const sections = (linesOf: (kind: Kind) => readonly string[]): string =>
  Object.entries(KINDS)
    .map(([name, kind]) => section(name, linesOf(kind)))
    .join('\n')

const FAULT_FORMS = formsOf(wireFault)
const COMMON = section('any of them', COMMON_FORMS)

const help = `window24 simulate <${Object.keys(KINDS).join('|')}>
  --listen tcp://HOST:PORT|pty:/PATH [--profile NAME]

The other end of a wire, for the real driver to talk to. It runs until Ctrl-C; what is typed moves it:
${sections(({ forms }) => forms.filter((form) => !FAULT_FORMS.includes(form)))}
${section('a serial wire', FAULT_FORMS)}
${COMMON}

Profiles, the first unless told otherwise:
${sections(({ profiles }) => profiles)}
`

function wrongUse(message: string): number {
  process.stderr.write(`${message}\n\n${help}`)
  return 2
}

/** Runs one simulator until a signal; answers the exit code. */
export async function simulateCommand(args: string[]): Promise<number> {
  const options = {
    listen: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean' },
  } as const
  let parsed: {
    values: { listen?: string; profile?: string; help?: boolean }
    positionals: string[]
  }
  try {
    parsed = parseArgs({ args, allowPositionals: true, options })
  } catch (error) {
    return wrongUse((error as Error).message)
  }
  const { values, positionals } = parsed
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [name, ...more] = positionals
  const kind = Object.entries<Kind>(KINDS).find(([one]) => one === name)?.[1]
  if (kind === undefined) return wrongUse(name ? `there is no simulator "${name}"` : 'which simulator?')
  if (more.length > 0) return wrongUse(`"${more.join(' ')}" is not understood here`)
  if (!values.listen) return wrongUse('--listen tcp://HOST:PORT or pty:/PATH is needed')
  const { profile } = values
  if (profile !== undefined && !kind.profiles.includes(profile)) {
    const choices = kind.profiles.length > 0 ? `choose ${kind.profiles.join(', ')}` : 'it has none'
    return wrongUse(`there is no ${name} profile "${profile}"; ${choices}`)
  }

  let device: Simulated
  try {
    device = await kind.start({
      listen: values.listen,
      profile,
      report: (line) => console.log(line),
      onError: (error) => console.error(`error of the driver: ${error}`),
    })
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    return 1
  }
  console.log(`${name} on ${device.port}`)
  await runUntilSignal(device, `${section(String(name), kind.forms)}\n${COMMON}\n`)
  return 0
}

async function runUntilSignal(device: Simulated, forms: string): Promise<void> {
  const { promise: signalled, resolve } = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve)
  const lines = createInterface({ input: process.stdin })
  // One after the other: what is typed behind "unplug" is meant for the unplugged device.
  let obeyed: Promise<void> = Promise.resolve()
  lines.on('line', (line) => {
    if (line.trim() !== '') obeyed = obeyed.then(() => obey(device, line, forms))
  })
  await signalled
  lines.close()
  await obeyed
  await device.close()
}

async function obey(device: Simulated, line: string, forms: string): Promise<void> {
  try {
    if (!(await device.obey(line))) console.error(`"${line.trim()}" is not understood; there are\n${forms}`)
  } catch (error) {
    console.error((error as Error).message)
  }
}

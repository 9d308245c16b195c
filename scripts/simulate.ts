import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { startIdReaderSimulator } from '../drivers/simulators/id-reader.ts'
import { startReceiptPrinterSimulator } from '../drivers/simulators/receipt-printer.ts'
import { startScannerSimulator } from '../drivers/simulators/scanner.ts'
import { demoPeople } from './demo/people.ts'

const help = `window24 simulate <id-reader|scanner|receipt-printer> --listen tcp://HOST:PORT

The other end of a wire, for the real driver to talk to. It runs until Ctrl-C; what is typed moves it:
  id-reader          card | lift
  scanner            every line is a scan
  receipt-printer    paper ok | paper near-end | paper out | cover open | cover shut
`

/** A simulator at work: takes the lines that are typed; answers false to what it does not understand. */
interface Running {
  port: string
  obey(line: string): boolean
  close(): Promise<void>
}

const simulators: Record<string, (listen: string) => Promise<Running>> = {
  'id-reader': async (listen) => {
    const reader = await startIdReaderSimulator({ listen })
    return {
      port: reader.port,
      close: () => reader.close(),
      obey(line) {
        const person = demoPeople[0]
        if (line === 'card' && person) reader.placeCard(person.card)
        else if (line === 'lift') reader.liftCard()
        else return false
        return true
      },
    }
  },
  scanner: async (listen) => {
    const scanner = await startScannerSimulator({ listen })
    return {
      port: scanner.port,
      close: () => scanner.close(),
      obey(line) {
        scanner.scan(line)
        return true
      },
    }
  },
  'receipt-printer': async (listen) => {
    const printer = await startReceiptPrinterSimulator({ listen })
    printer.onReceipt(({ id, widthDots, heightDots }) => {
      console.log(`receipt ${id}: ${widthDots} × ${heightDots} dots`)
    })
    return {
      port: printer.port,
      close: () => printer.close(),
      obey(line) {
        const [part, state] = line.split(' ')
        if (part === 'paper' && (state === 'ok' || state === 'near-end' || state === 'out'))
          printer.setPaper(state)
        else if (part === 'cover' && (state === 'open' || state === 'shut'))
          printer.setCover(state === 'open')
        else return false
        return true
      },
    }
  },
}

function wrongUse(message: string): number {
  process.stderr.write(`${message}\n\n${help}`)
  return 2
}

/** Runs one simulator until a signal; answers the exit code. */
export async function simulateCommand(args: string[]): Promise<number> {
  let parsed: { values: { listen?: string; help?: boolean }; positionals: string[] }
  try {
    const options = { listen: { type: 'string' }, help: { type: 'boolean' } } as const
    parsed = parseArgs({ args, allowPositionals: true, options })
  } catch (error) {
    return wrongUse((error as Error).message)
  }
  if (parsed.values.help) {
    process.stdout.write(help)
    return 0
  }
  const [kind] = parsed.positionals
  const start = kind === undefined ? undefined : simulators[kind]
  if (!start) return wrongUse(kind ? `there is no simulator "${kind}"` : 'which simulator?')
  if (!parsed.values.listen) return wrongUse('--listen tcp://HOST:PORT is needed')

  let running: Running
  try {
    running = await start(parsed.values.listen)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    return 1
  }
  console.log(`${kind} on ${running.port}`)
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    if (line.trim() !== '' && !running.obey(line.trim())) process.stderr.write(help)
  })
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
  lines.close()
  await running.close()
  return 0
}

import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { type IppResult, ippRequest } from '../page-printer/client.ts'
import type { Trouble } from '../page-printer/http-trouble.ts'
import { ownUserName } from '../page-printer/identity.ts'
import type { IppRequest, PrinterFacts } from '../page-printer/ipp.ts'
import { Place } from '../page-printer/place.ts'
import { type IppTarget, isLoopback, readTarget } from '../page-printer/target.ts'
import { type Machine, targetOf, textOf } from './machine.ts'

/** What a printer, or a queue of CUPS, says of itself (RFC 8011 §5.4; printer-error-policy is CUPS's own). */
export interface Printer {
  name: string
  /** Maker and model as it says itself; null where it does not. */
  model: string | null
  /** What lies in its trays, and whether it prints on both sides, where it says so (RFC 8011 §5.2.13, §5.2.8). */
  mediaReady: readonly string[]
  sides: readonly string[]
  /** As device.json has to name it. */
  uri: string
  state: PrinterFacts['state']
  /** printer-state-reasons without `none`. */
  reasons: readonly string[]
  acceptsJobs: boolean
  /** null on printers that are no queue of CUPS. */
  errorPolicy: string | null
}

export type PrinterAnswer =
  /** `waitingJobs`: numbers of this machine's jobs that neither printed nor ended; null when it would not say. */
  | { state: 'answering'; printer: Printer; waitingJobs: readonly number[] | null }
  | { state: 'absent' }
  /** `denied`: it understood and said no; `no-printer`: what answers in IPP there is none. */
  | { state: 'failed'; trouble: Trouble | 'denied' | 'no-printer'; detail: string }

/** CUPS on this machine. */
export interface Cups {
  state: 'answering' | 'down' | 'silent' | 'not-installed'
  printers: Printer[]
  /** Whether it keeps what was printed (PreserveJobFiles); null when this user may not read its configuration. */
  keepsFiles: boolean | null
}

/** The doctor promises to be done within 3 s, and asks a printer twice at most. */
const ANSWER_DEADLINE_MS = 1000

/** client-error-not-found (RFC 8011 appendix B). */
const NOT_FOUND = 0x0406

/** CUPS keeps documents for a day unless it is told otherwise: cupsd.conf(5), PreserveJobFiles. */
const PRESERVE_FILES = /^[ \t]*PreserveJobFiles[ \t]+(\S+)/gim
const OFF = /^(no|off|false|0)$/i

export async function cupsFacts(machine: Machine): Promise<Cups> {
  const configuration = join(machine.etc, 'cups')
  const [result, installed, keepsFiles] = await Promise.all([
    ask(serverTarget(machine), { operation: 'CUPS-Get-Printers' }),
    targetOf(configuration),
    keepsFilesBy(join(configuration, 'cupsd.conf')),
  ])
  switch (result.kind) {
    case 'done': {
      const printers = result.answer.printers.map((printer) => printerOf(printer, queueUri(machine, printer)))
      return { state: 'answering', printers, keepsFiles }
    }
    case 'denied':
      // Without a single queue CUPS answers that there is none (client-error-not-found).
      return { state: 'answering', printers: [], keepsFiles }
    case 'failed': {
      const down = installed === null ? 'not-installed' : 'down'
      return { state: result.trouble === 'unreachable' ? down : 'silent', printers: [], keepsFiles }
    }
  }
}

/** Asks one printer how it is. Nothing is printed, and nothing of it changes. */
export async function askPrinter(url: string): Promise<PrinterAnswer> {
  const read = readTarget(url)
  if (!read.ok) return { state: 'failed', trouble: 'no-printer', detail: read.detail }
  const [result, jobs] = await Promise.all([
    ask(read.target, { operation: 'Get-Printer-Attributes' }),
    new Place(read.target, ownUserName(), ANSWER_DEADLINE_MS).ownJobs('not-completed'),
  ])
  switch (result.kind) {
    case 'done': {
      const [printer] = result.answer.printers
      const waitingJobs = jobs?.map(({ id }) => id) ?? null
      return printer === undefined
        ? {
            state: 'failed',
            trouble: 'no-printer',
            detail: `${read.target.host} answers without saying anything of a printer`,
          }
        : { state: 'answering', printer: printerOf(printer, url), waitingJobs }
    }
    case 'denied':
      return result.answer.status === NOT_FOUND
        ? { state: 'absent' }
        : { state: 'failed', trouble: 'denied', detail: result.detail }
    case 'failed':
      return { state: 'failed', trouble: result.trouble, detail: result.detail }
  }
}

/** Whether a printer's address is a queue of that machine's own CUPS. */
export function isCupsOf(machine: Machine, url: string): boolean {
  const read = readTarget(url)
  return read.ok && isThisMachine(read.target.host) && read.target.port === serverTarget(machine).port
}

/** By loopback, by a name that this machine has given itself, or by an address of one of its cards. */
function isThisMachine(host: string): boolean {
  const own = hostname().toLowerCase()
  const short = own.split('.')[0]
  const addresses = Object.values(networkInterfaces()).flatMap((cards) => cards ?? [])
  return (
    isLoopback(host) ||
    [own, short, `${short}.local`].includes(host.toLowerCase()) ||
    addresses.some(({ address }) => address === host)
  )
}

function ask(target: IppTarget, request: IppRequest): Promise<IppResult> {
  return ippRequest(target, request, { user: ownUserName(), deadlineMs: ANSWER_DEADLINE_MS })
}

function printerOf(facts: PrinterFacts, uri: string): Printer {
  const { name = uri, model = null, mediaReady, sides, state, reasons, acceptsJobs, cups } = facts
  const errorPolicy = cups?.errorPolicy ?? null
  return { name, model, mediaReady, sides, uri, state, reasons, acceptsJobs, errorPolicy }
}

/** CUPS names its queues by any host name of the machine; the loopback address always works. */
function queueUri(machine: Machine, { name, uri }: PrinterFacts): string {
  return name === undefined ? (uri ?? machine.cups) : `${machine.cups}printers/${encodeURIComponent(name)}`
}

function serverTarget(machine: Machine): IppTarget {
  const url = new URL(machine.cups)
  const port = url.port === '' ? 631 : Number(url.port)
  return { uri: machine.cups, tls: false, host: url.hostname, port, path: '/' }
}

async function keepsFilesBy(file: string): Promise<boolean | null> {
  const text = await textOf(file)
  if (text === null) return null
  const setting = [...text.matchAll(PRESERVE_FILES)].at(-1)?.[1]
  return setting === undefined || !OFF.test(setting)
}

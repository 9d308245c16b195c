/**
 * Printers of the network that announce themselves (DNS-SD, `_ipp._tcp`), by CUPS's own tool: `ippfind` comes with the
 * CUPS that a page printer needs anyway, speaks to the machine's one mDNS responder and listens as long as it is told.
 * A responder of our own in the device would be a second one on UDP 5353 (RFC 6762 §15), and a library for a list that
 * CUPS keeps. Where the tool or the responder is not there, nothing is browsed: then an address is typed.
 */
import { execFile } from 'node:child_process'
import { askPrinter, type Printer } from '../../../drivers/discovery/printers.ts'

export const IPPFIND = 'ippfind'

const SERVICES = ['_ipp._tcp', '_ipps._tcp']
/** Responders answer within a second (RFC 6762 §6); what is slower than that is found by its address. */
const LISTEN_SECONDS = 1
const DEADLINE_MS = 1600
/** A hall has a handful; a list of hundreds is a mistake of the network, or an attack. */
const PRINTERS_AT_MOST = 16
const OUTPUT_BYTES_AT_MOST = 65_536

/** Those that announce themselves and answer one question in IPP. Never rejects. */
export const browsePrinters = async (program: string): Promise<Printer[]> => {
  const answers = await Promise.all((await announced(program)).map((url) => askPrinter(url)))
  return answers.flatMap((answer) => (answer.state === 'answering' ? [answer.printer] : []))
}

const announced = (program: string): Promise<string[]> =>
  new Promise((resolve) => {
    const options = { timeout: DEADLINE_MS, maxBuffer: OUTPUT_BYTES_AT_MOST, killSignal: 'SIGKILL' } as const
    // One that found nothing, was ended or is not there says so by its exit; what it printed until then counts.
    execFile(program, [...SERVICES, '-T', String(LISTEN_SECONDS)], options, (_, output) => {
      const urls = output.split('\n').map((line) => line.trim())
      resolve([...new Set(urls.filter((line) => /^ipps?:\/\//.test(line)))].slice(0, PRINTERS_AT_MOST))
    })
  })

/** An address that no look can find, asked at once: a connection, or one question in IPP. Nothing else is written. */
import { stat } from 'node:fs/promises'
import { targetOf } from '../../../drivers/discovery/machine.ts'
import { askPrinter } from '../../../drivers/discovery/printers.ts'
import { askTcp, resolved } from '../../../drivers/discovery/tcp-lines.ts'
import { type Port, parsePort } from '../../../drivers/transport/port.ts'
import type { Bound } from '../doctor/findings.ts'
import { hidPort } from '../doctor/names.ts'
import { boundAt, type Thing } from './found.ts'
import { hidProposals, pagePrinterProposal, wireProposals } from './proposals.ts'

type Role = 'terminal' | 'pad' | null

/** A port string, or what is printed on a device's label: HOST or HOST:PORT. */
const LABEL = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9.-]*)(?::(\d{1,5}))?$/
/** RFC 8010 §5, and where IPP Everywhere puts every printer (PWG 5100.14 §4.2.1). */
const IPP_PORT = '631'
const IPP_PATH = '/ipp/print'
/** What network receipt printers listen on. */
const RAW_PRINTING_PORT = '9100'

/** Null when the text is no address at all. */
export const readAddress = (text: string): Port[] | null => {
  const typed = text.trim()
  const parsed = parsePort(typed)
  if (parsed.ok) return [parsed.port]
  const [, host, port] = LABEL.exec(typed) ?? []
  if (host === undefined) return null
  const ipp = { kind: 'ipp', url: `ipp://${host}${IPP_PATH}` } as const
  if (port === IPP_PORT) return [ipp]
  const tcp = parsePort(`tcp://${host}:${port ?? RAW_PRINTING_PORT}`)
  if (!tcp.ok) return null
  return port === undefined ? [ipp, tcp.port] : [tcp.port]
}

/** One thing for each that answers; if none does, the first of them with why. */
export const askAddress = async (
  ports: readonly Port[],
  bound: readonly Bound[],
  role: Role,
): Promise<Thing[]> => {
  const things = await Promise.all(ports.map((port) => askPort(port, bound, role)))
  const good = things.filter(({ why }) => why === null)
  return good.length > 0 ? good : things.slice(0, 1)
}

const askPort = async (port: Port, bound: readonly Bound[], role: Role): Promise<Thing> => {
  switch (port.kind) {
    case 'tcp': {
      const name = `tcp://${port.host.includes(':') ? `[${port.host}]` : port.host}:${port.port}`
      const boundTo = boundAt(bound, name)
      // A device server lets one in: what is bound is not asked beside whoever has it.
      const answer =
        boundTo === null ? await askTcp(port.host, port.port, await resolved(port.host)) : 'accepts'
      const hints = { ids: null, words: port.port === Number(RAW_PRINTING_PORT) ? 'print' : '' }
      const things = { kind: 'address', port: name, title: name, boundTo, findings: [] } as const
      return answer === 'accepts'
        ? { ...things, proposals: wireProposals(() => name, role, hints), why: null }
        : { ...things, proposals: [], why: answer }
    }
    case 'ipp': {
      const answer = await askPrinter(port.url)
      const thing = {
        kind: 'printer',
        port: port.url,
        boundTo: boundAt(bound, port.url),
        findings: [],
      } as const
      if (answer.state === 'answering') {
        const { model, name } = answer.printer
        return { ...thing, title: model ?? name, proposals: [pagePrinterProposal(port.url)], why: null }
      }
      const why = answer.state === 'absent' ? 'absent' : answer.trouble
      return { ...thing, title: port.url, proposals: [], why }
    }
    case 'serial': {
      const name = `serial:${port.path}`
      const thing = { kind: 'serial', port: name, title: port.path, boundTo: null, findings: [] } as const
      if ((await targetOf(port.path)) === null) return { ...thing, proposals: [], why: 'absent' }
      const hints = { ids: null, words: '' }
      return { ...thing, proposals: wireProposals((baud) => `${name}?baud=${baud}`, role, hints), why: null }
    }
    case 'dir': {
      const name = `dir:${port.path}`
      const thing = { kind: 'folder', port: name, title: port.path, findings: [] } as const
      const boundTo = boundAt(bound, name)
      const isThere = await stat(port.path).then(
        (found) => found.isDirectory(),
        () => false,
      )
      return isThere
        ? { ...thing, boundTo, proposals: [pagePrinterProposal(name)], why: null }
        : { ...thing, boundTo, proposals: [], why: 'absent' }
    }
    case 'hid': {
      const name = hidPort(port)
      const proposals = hidProposals(port, false)
      const why = proposals.length === 0 ? 'no-driver' : null
      return {
        kind: 'hid',
        port: name,
        title: name,
        boundTo: boundAt(bound, name),
        findings: [],
        proposals,
        why,
      }
    }
  }
}

/** Whether what was typed names this port, so that a newer answer takes the older one's place. */
export const samePort = (one: Thing, other: Thing): boolean => one.port !== null && one.port === other.port

/** Reads what a configuration binds, as far as it can be read: one fault in it hides no port that is in order. */
import { readFile } from 'node:fs/promises'
import { type Port, parsePort } from '../../../drivers/transport/port.ts'
import { parseConfiguration } from '../../configuration.ts'
import type { Bound, ConfigurationFault, Finding, Matter, PeripheralName, Severity } from './findings.ts'

export interface ReadPorts {
  ports: { bound: Bound; parsed: Port }[]
  findings: Finding[]
}

const PERIPHERALS: readonly PeripheralName[] = [
  'idReader',
  'scanner',
  'receiptPrinter',
  'pagePrinter',
  'keypad',
]

const BYTE_ORDER_MARK = '\uFEFF'

/** `user` is who reads it here. The ports are in the order of the file. */
export const readPorts = async (file: string, user: string): Promise<ReadPorts> => {
  const about = (matter: Matter, severity: Severity = 'fault'): Finding => ({
    severity,
    subject: { kind: 'configuration', file },
    ...matter,
  })
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return error.code === 'EACCES'
      ? { ports: [], findings: [about({ id: 'configuration-forbidden', file, user }, 'note')] }
      : { ports: [], findings: [about({ id: 'configuration-unreadable', file, code: String(error.code) })] }
  }
  const marked = text.startsWith(BYTE_ORDER_MARK)
  const findings = marked ? [about({ id: 'configuration-bom', file })] : []
  const json = marked ? text.slice(BYTE_ORDER_MARK.length) : text
  const at = faultIn(json)
  if (at !== null) {
    const line = json.slice(0, at).split('\n').length
    return { ports: [], findings: [...findings, about({ id: 'configuration-no-json', line })] }
  }
  const value: unknown = JSON.parse(json)
  const checked = parseConfiguration(value)
  const lines = checked.ok ? [] : checked.faults.map(placed)
  return {
    ports: portsIn(value),
    findings: [...findings, ...(lines.length === 0 ? [] : [about({ id: 'configuration', lines })])],
  }
}

/** Where a text stops being JSON, null when it is JSON to its end. The parser names the place of some faults only. */
const faultIn = (text: string): number | null => {
  const message = complaintAbout(text)
  if (message === null) return null
  const position = /at position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return Number(position)
  if (!UNEXPECTED.test(message)) return text.trimEnd().length
  // The shortest beginning that the parser finds the same fault with ends at the fault.
  let [good, bad] = [0, text.length]
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (UNEXPECTED.test(complaintAbout(text.slice(0, middle)) ?? '')) bad = middle
    else good = middle
  }
  return good
}

const UNEXPECTED = /^Unexpected token/

/** Never shown: it may quote the file, and the file holds tokens. */
const complaintAbout = (text: string): string | null => {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    if (error instanceof SyntaxError) return error.message
    throw error
  }
}

const placed = (line: string): ConfigurationFault => {
  const colon = line.indexOf(': ')
  return { place: line.slice(0, colon), detail: line.slice(colon + ': '.length) }
}

const portsIn = (value: unknown): ReadPorts['ports'] =>
  Object.entries(objectIn(objectIn(value).peripherals)).flatMap(([key, peripheral]) => {
    const name = PERIPHERALS.find((one) => one === key)
    const { port } = objectIn(peripheral)
    const parsed = typeof port === 'string' ? parsePort(port) : null
    return name !== undefined && typeof port === 'string' && parsed?.ok
      ? [{ bound: { name, port }, parsed: parsed.port }]
      : []
  })

const objectIn = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

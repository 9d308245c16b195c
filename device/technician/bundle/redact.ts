/**
 * What of a configuration may leave a device: kinds and numbers, of an allow-list. Whatever is not named here stays,
 * so that a key that is added later says nothing until somebody has thought of it.
 */
import { parsePort } from '../../../drivers/transport/port.ts'

/** What it was is not told; that it was there is. */
const KEPT_BACK = '[kept back]'

type Rule = 'as-it-is' | 'port' | 'address' | 'presence' | { [key: string]: Rule } | [Rule]

const peripheral = {
  driver: 'as-it-is',
  profile: 'as-it-is',
  port: 'port',
  sameCodeMs: 'as-it-is',
} as const satisfies Rule

const RULES: Rule = {
  role: 'as-it-is',
  device: { name: 'presence', window: 'presence' },
  screen: {
    listen: 'as-it-is',
    diagonalInches: 'as-it-is',
    night: { from: 'as-it-is', to: 'as-it-is' },
    embeddedBy: 'presence',
  },
  window: {
    listen: 'as-it-is',
    tokens: [{ name: 'presence', token: 'presence', origins: 'presence' }],
    tls: { cert: 'presence', key: 'presence' },
  },
  hall: { url: 'address', enrolmentCode: 'presence', ca: 'presence', pin: 'presence' },
  services: ['as-it-is'],
  peripherals: {
    idReader: peripheral,
    scanner: peripheral,
    receiptPrinter: peripheral,
    pagePrinter: peripheral,
    keypad: peripheral,
  },
  storage: { quotaMiB: 'as-it-is' },
}

/** @param written device.json as it stands, checked or not */
export const redactedConfiguration = (written: unknown): unknown => redacted(written, RULES)

const redacted = (value: unknown, rule: Rule): unknown => {
  if (value === null || value === undefined) return value
  if (rule === 'presence') return KEPT_BACK
  if (rule === 'as-it-is') return isCode(value) ? value : KEPT_BACK
  if (rule === 'port') return typeof value === 'string' ? redactedPort(value) : KEPT_BACK
  if (rule === 'address') return typeof value === 'string' ? redactedAddress(value) : KEPT_BACK
  if (Array.isArray(rule)) {
    const [inner] = rule
    return Array.isArray(value) ? value.map((one) => redacted(one, inner)) : KEPT_BACK
  }
  if (typeof value !== 'object' || Array.isArray(value)) return KEPT_BACK
  const known = rule
  // A key that nobody knows may be somebody's name.
  const others = Object.keys(value).filter((key) => !Object.hasOwn(known, key)).length
  const members = Object.entries(value).flatMap(([key, member]) => {
    const inner = Object.hasOwn(known, key) ? known[key] : undefined
    return inner === undefined ? [] : [[key, redacted(member, inner)] as const]
  })
  return { ...Object.fromEntries(members), ...(others > 0 && { [KEPT_BACK]: others }) }
}

/** Codes and addresses of this software's own, no words. */
const isCode = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^[a-zA-Z0-9:.[\]_-]{1,64}$/.test(value))

/** Folders and hosts are called after people now and then; adapters and printers' ports are not. */
export const redactedPort = (text: string): string => {
  const parsed = parsePort(text)
  if (!parsed.ok) return KEPT_BACK
  const { port } = parsed
  switch (port.kind) {
    case 'serial':
      return /^\/dev\/[\w/:.+-]{1,160}$/.test(port.path) ? text : `serial:${KEPT_BACK}`
    case 'hid':
      return text
    case 'tcp':
      return `tcp://${hostKept(port.host)}:${port.port}`
    case 'ipp':
      return `ipp://${KEPT_BACK}`
    case 'dir':
      return `dir:${KEPT_BACK}`
  }
}

const redactedAddress = (text: string): string => {
  if (!URL.canParse(text)) return KEPT_BACK
  const { protocol, hostname, port } = new URL(text)
  return `${protocol}//${hostKept(hostname)}${port === '' ? '' : `:${port}`}`
}

/** An address of numbers names nobody. */
const hostKept = (host: string): string =>
  /^[0-9.]+$|^\[?[0-9a-fA-F:]+\]?$|^localhost$/.test(host) ? host : KEPT_BACK

/** Paths of a line of this software's own, as far as they may be called after somebody. */
export const withoutHomes = (text: string): string =>
  text.replace(/(?:\/(?:home|root|Users|media|mnt|run\/media)\/)[^\s"'():]*/g, KEPT_BACK)

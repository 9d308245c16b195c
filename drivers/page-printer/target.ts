import { parsePort } from '../transport/port.ts'

/** Where a printer is asked. */
export interface IppTarget {
  /** As the printer is told it: `ipp://HOST[:PORT]/PATH`. */
  uri: string
  tls: boolean
  host: string
  port: number
  path: string
}

export type ReadTarget = { ok: true; target: IppTarget } | { ok: false; detail: string }

/** RFC 8010 §5 and RFC 7472: both schemes default to 631. */
const IPP_PORT = 631

/** Reads `ipp://…` or `ipps://…`; `detail` quotes the port string and says what to write. */
export function readTarget(port: string): ReadTarget {
  const parsed = parsePort(port)
  if (!parsed.ok) return { ok: false, detail: parsed.fault }
  if (parsed.port.kind !== 'ipp')
    return { ok: false, detail: `port ${port}: this printer wants ipp://HOST/printers/NAME` }
  const url = new URL(parsed.port.url)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return {
    ok: true,
    target: {
      // A path in Chinese becomes ASCII here: URIs in IPP are.
      uri: url.href,
      tls: url.protocol === 'ipps:',
      host,
      port: url.port === '' ? IPP_PORT : Number(url.port),
      path: `${url.pathname}${url.search}`,
    },
  }
}

/** Whether a name means the machine that says it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

import type { IppTarget } from './target.ts'

/** What can go wrong below IPP. */
export type Trouble =
  | 'unreachable' // no line: refused, no such host, no way there
  | 'certificate' // a line, but not to anybody whom this machine trusts
  | 'timeout' // a line perhaps, and no answer in time
  | 'cut' // a line that broke off
  | 'too-long'
  | 'garbage' // an answer that is not HTTP, or not IPP
  | 'refused' // an HTTP status that says no
  | 'aborted'

/** OpenSSL's names, as Node gives them, with what to do about each. */
const CERTIFICATE_TROUBLES: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'is self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'comes from an authority that this machine does not know'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'comes from an authority that this machine does not know'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'comes from an authority that this machine does not know'],
  ['CERT_HAS_EXPIRED', 'has expired, or this machine’s clock is wrong'],
  ['CERT_NOT_YET_VALID', 'is not valid yet, or this machine’s clock is wrong'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'is for another name'],
])

const CERTIFICATE_ADVICE =
  'trust it (NODE_EXTRA_CA_CERTS names a file of certificates), or write ipp:// on a cable of its own'

/** Names an error of Node's for the technician. Errors of the system carry codes; no message is passed on. */
export function httpTroubleOf(
  error: Error,
  target: IppTarget,
  reached: boolean,
): { trouble: Trouble; detail: string } {
  const code = 'code' in error ? String(error.code) : error.name
  const certificate = CERTIFICATE_TROUBLES.get(code)
  if (certificate !== undefined)
    return {
      trouble: 'certificate',
      detail: `the certificate of ${target.host} ${certificate}: ${CERTIFICATE_ADVICE}`,
    }
  const at = `${target.host}:${target.port}`
  if (code.startsWith('HPE_'))
    return { trouble: 'garbage', detail: `${at} answers, but not in HTTP (${code})` }
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO')
    return { trouble: 'garbage', detail: `${at} does not speak TLS (${code}): write ipp:// if it has none` }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return {
      trouble: 'unreachable',
      detail: `the name ${target.host} is not known (${code})${localAdvice(target)}`,
    }
  if (!reached) return { trouble: 'unreachable', detail: `${at} cannot be reached (${code})` }
  return { trouble: 'cut', detail: `the line to ${at} was cut (${code})` }
}

function localAdvice(target: IppTarget): string {
  return target.host.endsWith('.local')
    ? ': names in .local need avahi-daemon and libnss-mdns, or write the printer’s address'
    : ''
}

const REFUSALS = [401, 403, 426]

/** Whether an HTTP status is about who asks; any other is about how the server is just now. */
export function isShutOut(status: number | undefined): boolean {
  return status !== undefined && REFUSALS.includes(status)
}

/** What an HTTP status other than 200 says of a printer. */
export function httpStatusInWords(status: number, target: IppTarget): string {
  switch (status) {
    case 401:
      return `${target.host} wants a login (HTTP 401): allow this machine in the printer’s settings`
    case 403:
      return `${target.host} does not let this machine print (HTTP 403): allow it there`
    case 404:
      return `${target.host} has no printer at ${target.path} (HTTP 404)`
    case 426:
      return `${target.host} wants an encrypted line (HTTP 426): write ipps://`
    default:
      return `${target.host} answered HTTP ${status}`
  }
}

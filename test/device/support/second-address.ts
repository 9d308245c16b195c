/** An address of this machine that is not loopback: whoever comes from it comes as from the LAN. */
import { execFileSync } from 'node:child_process'
import { networkInterfaces } from 'node:os'

/** Of the addresses for documentation (RFC 5737): nobody's. */
const MADE = '192.0.2.78'

/** The network's own, or one put on the loopback interface, which takes root. */
export const secondAddress = (): string => {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal, address }) => family === 'IPv4' && (!internal || address === MADE))
  if (own !== undefined) return own.address
  execFileSync('ip', ['address', 'add', `${MADE}/32`, 'dev', 'lo'])
  return MADE
}

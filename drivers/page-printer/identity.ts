import { createHash } from 'node:crypto'
import { hostname, networkInterfaces } from 'node:os'

const HEX_DIGITS = 8

/**
 * requesting-user-name of this machine: by it a job that an earlier life of this program left behind is known as
 * ours, and a neighbour's on the same printer is not, cloned disks included. It says nothing of any person.
 */
export function ownUserName(): string {
  const cards = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const hardware = new Set(cards.filter((card) => !card.internal).map((card) => card.mac))
  const machine = [hostname(), ...[...hardware].sort()].join('\n')
  return `window24-${createHash('sha256').update(machine).digest('hex').slice(0, HEX_DIGITS)}`
}

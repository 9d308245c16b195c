import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

const HEX_DIGITS = 8

/** Where Linux says what a machine is. */
export interface MachineFiles {
  /** sysfs's network cards, those without a cable or an address too. */
  cards: string
  machineId: string
}

const MACHINE: MachineFiles = { cards: '/sys/class/net', machineId: '/etc/machine-id' }
/** machine-id(5): it is confidential; only a hash of it, keyed to one application, may be told. */
const APPLICATION = 'window24 owner of print jobs'
/** sysfs-class-net: an address that the card was made with. */
const PERMANENT = '0'

/**
 * requesting-user-name of this machine: by it a job that an earlier life of this program left behind is known as
 * ours, and a neighbour's on the same printer is not, cloned disks included. It hangs on the cards that are built
 * in, whether or not a line is up: before DHCP the machine is the same as after. It says nothing of any person.
 */
export function ownUserName(files: MachineFiles = MACHINE): string {
  const addresses = builtInAddresses(files.cards)
  const machine = addresses.length > 0 ? addresses.join('\n') : (read(files.machineId) ?? hostname())
  const hash = createHash('sha256').update(`${APPLICATION}\n${machine}`)
  return `window24-${hash.digest('hex').slice(0, HEX_DIGITS)}`
}

/** Of wired cards that are no stick: radio changes its address for its privacy, sticks come and go. */
function builtInAddresses(cards: string): string[] {
  if (!existsSync(cards)) return []
  const own = readdirSync(cards)
    .map((name) => join(cards, name))
    .filter((card) => existsSync(join(card, 'device')) && !existsSync(join(card, 'phy80211')))
    .filter((card) => !isUsb(card) && read(join(card, 'addr_assign_type')) === PERMANENT)
    .map((card) => read(join(card, 'address')))
    .filter((address) => address !== undefined)
  return [...new Set(own)].sort()
}

function isUsb(card: string): boolean {
  const bus = join(card, 'device', 'subsystem')
  return existsSync(bus) && realpathSync(bus).endsWith('/usb')
}

/** undefined where there is no such file, or nothing in it. */
function read(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8').trim()
  return text === '' ? undefined : text
}

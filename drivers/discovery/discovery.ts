import type { Port } from '../transport/port.ts'
import { type BoundPort, boundPorts, linksOf, lookAtPort } from './bound-ports.ts'
import { type HidDevice, type HidLibraryState, hidFacts } from './hid-devices.ts'
import type { Machine } from './machine.ts'
import { askPrinter, type Cups, cupsFacts } from './printers.ts'
import { type Holder, type Processes, processesHolding } from './processes.ts'
import { type SerialPort, serialPorts } from './serial-ports.ts'
import { type ClaimedUsb, claimedUsbDevices } from './usb.ts'
import type { Accounts, User } from './user.ts'

export type Held<T> = T & { holders: readonly Holder[] }

/** What a machine has to work with, in plain facts: no judgement and no words. */
export interface Facts {
  user: User
  serialPorts: Held<SerialPort>[]
  hid: { library: HidLibraryState; devices: Held<HidDevice>[] }
  claimedUsb: Held<ClaimedUsb>[]
  cups: Cups
  /** Programs known to take ports that are not theirs (field row 13). */
  modemManager: readonly Holder[]
  brltty: readonly Holder[]
  /** Running devices of this product. */
  window24: readonly Holder[]
  /** Processes of other users, whose files only root may see: a holder may be among them. */
  unseenProcesses: number
  /** In the order in which they were asked for. */
  bound: BoundPort[]
}

/**
 * Looks at the machine, and closer at the ports that peripherals are bound to. Writes to no port and opens no
 * device; each part has a deadline of its own, so that all of it is there within 3 s, and what cannot be had is
 * absent from the facts rather than an error.
 */
export async function discover(
  machine: Machine,
  user: User,
  accounts: Accounts,
  ports: readonly Port[] = [],
): Promise<Facts> {
  const look = { user, accounts, askPrinter }
  const [serial, hid, claimed, cups, looks] = await Promise.all([
    serialPorts(machine, user, accounts),
    hidFacts(machine, user, accounts),
    claimedUsbDevices(machine),
    cupsFacts(machine),
    Promise.all(ports.map((port) => lookAtPort(machine, port, look))),
  ])
  const nodes = [...serial, ...hid.devices, ...claimed].map(({ node }) => node)
  const processes = await processesHolding(machine, new Set([...nodes, ...looks.flatMap(linksOf)]))
  return {
    user,
    serialPorts: withHolders(serial, processes),
    hid: { library: hid.library, devices: withHolders(hid.devices, processes) },
    claimedUsb: withHolders(claimed, processes),
    cups,
    modemManager: processes.named('ModemManager'),
    brltty: processes.named('brltty'),
    window24: processes.window24,
    unseenProcesses: processes.unseen,
    bound: await boundPorts(machine, looks, processes),
  }
}

function withHolders<T extends { node: string }>(things: readonly T[], processes: Processes): Held<T>[] {
  return things.map((thing) => ({ ...thing, holders: processes.holdersOf(thing.node) }))
}

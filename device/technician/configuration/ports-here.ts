/** The ports of a configuration that was made on another machine, found again on this one and judged. */
import { posix } from 'node:path'
import { discover } from '../../../drivers/discovery/discovery.ts'
import type { Machine } from '../../../drivers/discovery/machine.ts'
import { type SerialPort, serialPorts } from '../../../drivers/discovery/serial-ports.ts'
import { accountsOf, judgedUser } from '../../../drivers/discovery/user.ts'
import { parsePort } from '../../../drivers/transport/port.ts'
import type { PeripheralName } from '../../http/contract.ts'
import type { Finding, MatterId } from '../doctor/findings.ts'
import { judge } from '../doctor/judge.ts'
import { partOf } from './contents.ts'

export interface PortsHere {
  /** The configuration's peripherals, with the names that their ports have here. */
  peripherals: Record<string, unknown>
  missing: { name: PeripheralName; port: string }[]
  /** Ports that are somebody else's, or none. */
  faults: { code: MatterId; place: string; port: string }[]
}

/** The port is not there: it may be plugged in later, and until then the rest can be set up. */
const MISSING: readonly MatterId[] = ['port-missing', 'hid-missing', 'folder-missing']
/** It is there and not for this peripheral. A line that is down, or rights that lack, are for the room of faults. */
const ANOTHERS: readonly MatterId[] = ['port-held', 'port-shared', 'port-not-a-device', 'folder-is-none']

const NAMES: readonly PeripheralName[] = ['idReader', 'scanner', 'receiptPrinter', 'pagePrinter', 'keypad']

/** Where the USB ports of these peripherals are plugged in: peripheral → its name by-path. */
export const socketsOf = async (
  configuration: unknown,
  machine: Machine,
): Promise<Record<string, string>> => {
  const { ports } = await look(machine)
  const found = entriesOf(configuration).flatMap(({ name, port }) => {
    const plugged = ports.find(({ byId }) => byId !== null && byId === serialPathOf(port))
    return plugged?.byPath ? [[name, plugged.byPath]] : []
  })
  return Object.fromEntries(found)
}

/** Looks at this machine and at nothing that a port would have to be opened for. At most 3 s. */
export const portsHere = async (
  configuration: unknown,
  sockets: Readonly<Record<string, string>>,
  machine: Machine,
): Promise<PortsHere> => {
  const { ports, user, accounts } = await look(machine)
  const peripherals = renamed(configuration, sockets, ports)
  const bound = entriesOf({ peripherals }).flatMap((entry) => {
    const parsed = parsePort(entry.port)
    return parsed.ok ? [{ ...entry, parsed: parsed.port }] : []
  })
  const facts = await discover(
    machine,
    user,
    accounts,
    bound.map(({ parsed }) => parsed),
  )
  const findings = judge(facts, bound).flatMap(atPeripheral)
  return {
    peripherals,
    missing: findings.filter(({ id }) => MISSING.includes(id)).map(({ name, port }) => ({ name, port })),
    faults: findings
      .filter(({ id }) => ANOTHERS.includes(id))
      .map(({ id, name, port }) => ({ code: id, place: `peripherals.${name}.port`, port })),
  }
}

const atPeripheral = ({ id, subject }: Finding): { id: MatterId; name: PeripheralName; port: string }[] =>
  subject.kind === 'peripheral' ? [{ id, name: subject.name, port: subject.port }] : []

const look = async (machine: Machine) => {
  const accounts = await accountsOf(machine)
  const user = judgedUser(accounts, undefined)
  if (user === null) throw new Error('this process runs as nobody')
  return { accounts, user, ports: await serialPorts(machine, user, accounts) }
}

/**
 * A name by-id holds the adapter's serial number, which no second machine has: the port of an adapter of that kind is
 * meant, and where there are several, the one in the same socket.
 */
const renamed = (
  configuration: unknown,
  sockets: Readonly<Record<string, string>>,
  ports: readonly SerialPort[],
): Record<string, unknown> => {
  const peripherals = partOf(configuration, 'peripherals')
  const there = new Set(ports.flatMap(({ node, byId, byPath }) => [node, byId, byPath]))
  const entries = entriesOf(configuration)
  const taken = new Set(entries.map(({ port }) => serialPathOf(port)).filter((path) => there.has(path)))
  const result = { ...peripherals }
  for (const { name, port } of entries) {
    const path = serialPathOf(port)
    if (path === null || there.has(path)) continue
    const alike = ports.filter((one) => isOfKind(one, path) && !taken.has(one.byId))
    const meant = alike.length === 1 ? alike[0] : alike.find(({ byPath }) => byPath === sockets[name])
    if (meant?.byId == null) continue
    taken.add(meant.byId)
    result[name] = { ...partOf(peripherals, name), port: port.replace(path, meant.byId) }
  }
  return result
}

/** Whether a port's name by-id is the other's but for the serial number. */
const isOfKind = ({ byId, usb }: SerialPort, path: string): boolean => {
  if (byId === null || usb === null || usb.serialNumber === null) return false
  const [own, other] = [posix.basename(byId), posix.basename(path)]
  const at = own.lastIndexOf(usb.serialNumber)
  if (at < 0 || posix.dirname(byId) !== posix.dirname(path)) return false
  const [before, after] = [own.slice(0, at), own.slice(at + usb.serialNumber.length)]
  return other.length > before.length + after.length && other.startsWith(before) && other.endsWith(after)
}

const entriesOf = (configuration: unknown): { name: PeripheralName; port: string }[] => {
  const peripherals = partOf(configuration, 'peripherals')
  return NAMES.flatMap((name) => {
    const { port } = partOf(peripherals, name)
    return typeof port === 'string' ? [{ name, port }] : []
  })
}

const serialPathOf = (port: string): string | null => {
  const parsed = parsePort(port)
  return parsed.ok && parsed.port.kind === 'serial' ? parsed.port.path : null
}

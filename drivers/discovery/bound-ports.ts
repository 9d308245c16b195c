import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { sleep } from '../time.ts'
import type { Port } from '../transport/port.ts'
import { type Access, accessTo } from './access.ts'
import { linkOf, type Machine, targetOf } from './machine.ts'
import { isCupsOf, type PrinterAnswer } from './printers.ts'
import type { Holder, Processes } from './processes.ts'
import { STUCK_AFTER_MS, stalledNodes } from './stalls.ts'
import { addressesOf, askTcp, linesTo, type TcpAnswer, type TcpLine } from './tcp-lines.ts'
import type { Accounts, User } from './user.ts'

/** A port that a peripheral is bound to, as it is found. Nothing is written to it, and no device node is opened. */
export type BoundPort =
  | {
      kind: 'serial'
      path: string
      /** What the path leads to; null when it leads nowhere. */
      node: string | null
      /** The path is a link whose port is not plugged in. */
      dangling: boolean
      /** Whether what is there can be a port at all. */
      isDevice: boolean
      access: Access | null
      holders: readonly Holder[]
      /** A holder's bytes are not taken. */
      stalled: boolean
    }
  | {
      kind: 'tcp'
      host: string
      port: number
      holders: readonly Holder[]
      /** Connections of this machine to it, whoever has them. */
      connections: number
      stalled: boolean
      /** null when it was not asked, because a device of this machine owns it. */
      answer: TcpAnswer | null
    }
  | { kind: 'hid'; vendorId: number; productId: number }
  /** `ofThisMachine`: a queue of this machine's own CUPS. */
  | { kind: 'ipp'; url: string; ofThisMachine: boolean; answer: PrinterAnswer }
  | { kind: 'dir'; path: string; isFolder: boolean; access: Access | null }

/** What is known of a port before processes are looked at. */
type Looked =
  | { kind: 'settled'; port: BoundPort }
  | { kind: 'serial'; path: string; node: string | null; found: Stats | null; access: Access | null }
  | { kind: 'tcp'; host: string; port: number; addresses: string[]; lines: TcpLine[] }

export interface Look {
  user: User
  accounts: Accounts
  askPrinter(url: string): Promise<PrinterAnswer>
}

export async function lookAtPort(machine: Machine, port: Port, look: Look): Promise<Looked> {
  switch (port.kind) {
    case 'serial': {
      const node = await targetOf(port.path)
      const found = node === null ? null : await stat(node).catch(() => null)
      const access = await accessTo(port.path, look.user, look.accounts)
      return { kind: 'serial', path: port.path, node, found, access }
    }
    case 'tcp': {
      const addresses = await addressesOf(port.host)
      const lines = await linesTo(machine, addresses, port.port)
      return { kind: 'tcp', host: port.host, port: port.port, addresses, lines }
    }
    case 'hid':
      return { kind: 'settled', port }
    case 'ipp':
      return {
        kind: 'settled',
        port: {
          ...port,
          ofThisMachine: isCupsOf(machine, port.url),
          answer: await look.askPrinter(port.url),
        },
      }
    case 'dir': {
      const access = await accessTo(port.path, look.user, look.accounts)
      return { kind: 'settled', port: { ...port, isFolder: await isFolder(port.path), access } }
    }
  }
}

/** One that this user may not even look at is there all the same. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES'
  }
}

/** The names under which /proc/PID/fd shows a port when it is open. */
export function linksOf(looked: Looked): string[] {
  switch (looked.kind) {
    case 'serial':
      return looked.node === null ? [] : [looked.node]
    case 'tcp':
      return looked.lines.map(({ inode }) => `socket:[${inode}]`)
    case 'settled':
      return []
  }
}

/** Joins what was looked at with who holds it. Looks a second time at lines whose bytes seem not to move. */
export async function boundPorts(
  machine: Machine,
  looks: readonly Looked[],
  processes: Processes,
): Promise<BoundPort[]> {
  const nodes = looks.flatMap((looked) => (looked.kind === 'serial' && looked.node ? [looked.node] : []))
  const held = new Map(nodes.map((node) => [node, processes.holdersOf(node)]))
  const [stalled, ports] = await Promise.all([
    stalledNodes(machine, held),
    Promise.all(looks.map((looked) => settle(machine, looked, processes))),
  ])
  return ports.map((port) =>
    port.kind === 'serial' && port.node !== null ? { ...port, stalled: stalled.has(port.node) } : port,
  )
}

async function settle(machine: Machine, looked: Looked, processes: Processes): Promise<BoundPort> {
  const holders = distinct(linksOf(looked).flatMap((link) => processes.holdersOf(link)))
  switch (looked.kind) {
    case 'settled':
      return looked.port
    case 'serial': {
      const { path, node, found, access } = looked
      const dangling = node === null && (await linkOf(path)) !== null
      const isDevice = found?.isCharacterDevice() === true
      return { kind: 'serial', path, node, dangling, isDevice, access, holders, stalled: false }
    }
    case 'tcp': {
      const { host, port, addresses, lines } = looked
      // A device server takes one connection: what a running device may be about to open is left alone.
      const alone = lines.length === 0 && processes.window24.length === 0
      const [answer, stalled] = await Promise.all([
        alone ? askTcp(addresses, port) : null,
        isStalled(machine, looked),
      ])
      return { kind: 'tcp', host, port, holders, connections: lines.length, stalled, answer }
    }
  }
}

/** Bytes of a connection that the other end acknowledges neither now nor a moment later. */
async function isStalled(machine: Machine, looked: Looked & { kind: 'tcp' }): Promise<boolean> {
  const waiting = looked.lines.filter((line) => line.unacknowledgedBytes > 0)
  if (waiting.length === 0) return false
  await sleep(STUCK_AFTER_MS)
  const later = await linesTo(machine, looked.addresses, looked.port)
  return waiting.some((line) =>
    later.some((one) => one.inode === line.inode && one.unacknowledgedBytes >= line.unacknowledgedBytes),
  )
}

function distinct(holders: readonly Holder[]): Holder[] {
  return [...new Map(holders.map((holder) => [holder.pid, holder])).values()]
}

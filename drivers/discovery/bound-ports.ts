import { stat } from 'node:fs/promises'
import type { Port } from '../transport/port.ts'
import { type Access, accessTo } from './access.ts'
import { linkOf, type Machine, targetOf } from './machine.ts'
import { isCupsOf, type PrinterAnswer } from './printers.ts'
import type { Holder, Processes } from './processes.ts'
import { isTty } from './serial-ports.ts'
import { stalledNodes } from './stalls.ts'
import {
  askTcp,
  linesTo,
  movesNot,
  type NameAnswer,
  resolved,
  type TcpAnswer,
  type TcpLine,
} from './tcp-lines.ts'
import type { Accounts, User } from './user.ts'
import { within } from './within.ts'

/** A port that a peripheral is bound to, as it is found. Nothing is written to it, and no device node is opened. */
export type BoundPort =
  | {
      kind: 'serial'
      path: string
      /** What the path leads to; null when it leads nowhere. */
      node: string | null
      /** The path is a link whose port is not plugged in. */
      dangling: boolean
      /** Whether what is there is a serial line at all. */
      isTty: boolean
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
  /** `target`: the folder itself, where the path is a link to it; null when it cannot be told. */
  | {
      kind: 'dir'
      path: string
      target: string | null
      found: 'folder' | 'something-else' | 'nothing'
      access: Access | null
    }
  /** Looking at it did not come to an end: a network folder whose server is gone, a device whose driver hangs. */
  | { kind: 'stuck' }

/** What is known of a port before processes are looked at. */
type Looked =
  | { kind: 'settled'; port: BoundPort }
  | { kind: 'serial'; path: string; node: string | null; isTty: boolean; access: Access | null }
  | { kind: 'tcp'; host: string; port: number; name: NameAnswer; lines: TcpLine[] }

export interface Look {
  user: User
  accounts: Accounts
  askPrinter(url: string): Promise<PrinterAnswer>
}

/** A look takes milliseconds, a name or a printer up to a second; one that hangs must not take the page with it. */
const LOOK_DEADLINE_MS = 1500

export function lookAtPort(machine: Machine, port: Port, look: Look): Promise<Looked> {
  const stuck = { kind: 'settled', port: { kind: 'stuck' } } as const
  return within(LOOK_DEADLINE_MS, lookCloser(machine, port, look), stuck)
}

async function lookCloser(machine: Machine, port: Port, look: Look): Promise<Looked> {
  switch (port.kind) {
    case 'serial': {
      const node = await targetOf(port.path)
      const access = await accessTo(port.path, look.user, look.accounts)
      const tty = node !== null && (await isTty(machine, node))
      return { kind: 'serial', path: port.path, node, isTty: tty, access }
    }
    case 'tcp': {
      const name = await resolved(port.host)
      const lines = await linesTo(machine, name.addresses, port.port)
      return { kind: 'tcp', host: port.host, port: port.port, name, lines }
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
      const [target, found] = await Promise.all([targetOf(port.path), kindAt(port.path)])
      return { kind: 'settled', port: { ...port, target, found, access } }
    }
  }
}

/** One that this user may not even look at may be there all the same: what closes it is told by its access. */
async function kindAt(path: string): Promise<'folder' | 'something-else' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'something-else'
  } catch {
    return 'nothing'
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
      const { path, node, access } = looked
      const dangling = node === null && (await linkOf(path)) !== null
      return { kind: 'serial', path, node, dangling, isTty: looked.isTty, access, holders, stalled: false }
    }
    case 'tcp': {
      const { host, port, name, lines } = looked
      // A device server takes one connection: what a running device may be about to open is left alone.
      const alone = lines.length === 0 && processes.window24.length === 0
      const [answer, stalled] = await Promise.all([
        alone ? askTcp(host, port, name) : null,
        movesNot(machine, name.addresses, port, lines),
      ])
      return { kind: 'tcp', host, port, holders, connections: lines.length, stalled, answer }
    }
  }
}

function distinct(holders: readonly Holder[]): Holder[] {
  return [...new Map(holders.map((holder) => [holder.pid, holder])).values()]
}

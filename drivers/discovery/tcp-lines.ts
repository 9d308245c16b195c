import { lookup } from 'node:dns/promises'
import { isIPv6, Socket } from 'node:net'
import { endianness } from 'node:os'
import { join } from 'node:path'
import { sleep } from '../time.ts'
import { type Machine, textOf } from './machine.ts'
import { STUCK_AFTER_MS } from './stalls.ts'
import { within } from './within.ts'

/** A connection of this machine, as /proc/net/tcp tells it. */
export interface TcpLine {
  inode: string
  /** Bytes sent that the other end has not acknowledged. */
  unacknowledgedBytes: number
}

export type TcpAnswer = 'accepts' | 'refused' | 'no-answer' | 'unknown-host' | 'name-silent'

/** What the name of a host leads to. `unknown`: a name server says so; `silent`: none says anything. */
export interface NameAnswer {
  state: 'known' | 'unknown' | 'silent'
  addresses: string[]
}

/** A serial device server is in the same hall: a name that takes longer will not do for a terminal either. */
const NAME_DEADLINE_MS = 800
const CONNECT_DEADLINE_MS = 800

const ESTABLISHED = '01'

/** Looks that a line's queue is given to shrink in: a receiver that is slow, and alive, takes some in that time. */
const QUEUE_LOOKS = 7

export function resolved(host: string): Promise<NameAnswer> {
  const answer = lookup(host, { all: true }).then(
    (found): NameAnswer => ({ state: 'known', addresses: found.map(({ address }) => address) }),
    (error: NodeJS.ErrnoException): NameAnswer => ({
      state: error.code === 'ENOTFOUND' ? 'unknown' : 'silent',
      addresses: [],
    }),
  )
  return within(NAME_DEADLINE_MS, answer, { state: 'silent', addresses: [] })
}

/** Established connections to one of these addresses at that port. */
export async function linesTo(
  machine: Machine,
  addresses: readonly string[],
  port: number,
): Promise<TcpLine[]> {
  const wanted = new Set(
    addresses.flatMap((address) => kernelForms(address)).map((address) => `${address}:${hex(port, 4)}`),
  )
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => textOf(join(machine.proc, 'net', name))))
  return tables
    .flatMap((table) => (table ?? '').split('\n').slice(1))
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , remote = '', state]) => state === ESTABLISHED && wanted.has(remote))
    .map((columns) => ({
      inode: columns[9] ?? '',
      unacknowledgedBytes: Number.parseInt(columns[4]?.split(':')[0] ?? '0', 16),
    }))
}

/**
 * Whether there is a line whose other end takes no bytes: some wait unacknowledged, and at no look fewer than at the
 * look before. A slow receiver's queue is filled up again, but in between it shrinks.
 */
export async function movesNot(
  machine: Machine,
  addresses: readonly string[],
  port: number,
  lines: readonly TcpLine[],
): Promise<boolean> {
  let stuck = lines.filter((line) => line.unacknowledgedBytes > 0)
  for (let looks = 0; looks < QUEUE_LOOKS && stuck.length > 0; looks += 1) {
    await sleep(STUCK_AFTER_MS / QUEUE_LOOKS)
    const before = new Map(stuck.map((line) => [line.inode, line.unacknowledgedBytes]))
    stuck = (await linesTo(machine, addresses, port)).filter(
      (line) => line.unacknowledgedBytes >= (before.get(line.inode) ?? Number.POSITIVE_INFINITY),
    )
  }
  return stuck.length > 0
}

/**
 * Opens and closes, at whichever of the name's addresses answers, as a driver does; not a byte is written. Only for
 * ports that nobody on this machine has open.
 */
export async function askTcp(host: string, port: number, name: NameAnswer): Promise<TcpAnswer> {
  if (name.state !== 'known') return name.state === 'unknown' ? 'unknown-host' : 'name-silent'
  const known = name.addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
  const socket = new Socket()
  const answer = new Promise<TcpAnswer>((resolve) => {
    socket.once('connect', () => resolve('accepts'))
    socket.on('error', (error) => resolve(isRefusal(error) ? 'refused' : 'no-answer'))
    socket.connect({ host, port, autoSelectFamily: true, lookup: (_, _options, found) => found(null, known) })
  })
  try {
    return await within(CONNECT_DEADLINE_MS, answer, 'no-answer')
  } finally {
    socket.destroy()
  }
}

/** Node joins the errors of several addresses: every one of them has to say no. */
function isRefusal(error: Error): boolean {
  if (error instanceof AggregateError) return error.errors.every(isRefusal)
  return 'code' in error && error.code === 'ECONNREFUSED'
}

/** An address as /proc/net/tcp and tcp6 print it: 32-bit words in the machine's own byte order, in hex. */
function kernelForms(address: string): string[] {
  if (isIPv6(address)) return [wordsOf(ipv6Bytes(address))]
  const bytes = address.split('.').map(Number)
  return [wordsOf(bytes), wordsOf([...Array<number>(10).fill(0), 0xff, 0xff, ...bytes])]
}

function wordsOf(bytes: readonly number[]): string {
  const words: string[] = []
  for (let at = 0; at < bytes.length; at += 4) {
    const word = bytes.slice(at, at + 4)
    words.push((endianness() === 'LE' ? word.toReversed() : word).map((byte) => hex(byte, 2)).join(''))
  }
  return words.join('')
}

function ipv6Bytes(address: string): number[] {
  // The URL parser writes any IPv6 address in one form, with a tail of IPv4 digits made hexadecimal.
  const plain = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1)
  const [head = '', tail] = plain.split('::')
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const before = groups(head)
  const after = groups(tail ?? '')
  const gap = Array<number>(8 - before.length - after.length).fill(0)
  return [...before, ...gap, ...after].flatMap((group) => [group >> 8, group & 0xff])
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}

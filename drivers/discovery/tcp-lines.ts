import { lookup } from 'node:dns/promises'
import { isIPv6, Socket } from 'node:net'
import { endianness } from 'node:os'
import { join } from 'node:path'
import { type Machine, textOf } from './machine.ts'
import { within } from './within.ts'

/** A connection of this machine, as /proc/net/tcp tells it. */
export interface TcpLine {
  inode: string
  /** Bytes sent that the other end has not acknowledged. */
  unacknowledgedBytes: number
}

export type TcpAnswer = 'accepts' | 'refused' | 'no-answer' | 'unknown-host'

/** A serial device server is in the same hall: a name that takes longer will not do for a terminal either. */
const NAME_DEADLINE_MS = 800
const CONNECT_DEADLINE_MS = 800

const ESTABLISHED = '01'

/** Numeric addresses of a host; none when its name is unknown. */
export async function addressesOf(host: string): Promise<string[]> {
  const found = await within(
    NAME_DEADLINE_MS,
    lookup(host, { all: true }).catch(() => []),
    [],
  )
  return found.map(({ address }) => address)
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

/** Opens and closes; not a byte is written. Only for ports that nobody on this machine has open. */
export async function askTcp(addresses: readonly string[], port: number): Promise<TcpAnswer> {
  const [first] = addresses
  if (first === undefined) return 'unknown-host'
  const socket = new Socket()
  const answer = new Promise<TcpAnswer>((resolve) => {
    socket.once('connect', () => resolve('accepts'))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'no-answer'),
    )
    socket.connect({ host: first, port })
  })
  try {
    return await within(CONNECT_DEADLINE_MS, answer, 'no-answer')
  } finally {
    socket.destroy()
  }
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

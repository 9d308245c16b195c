import { join } from 'node:path'
import { sleep } from '../time.ts'
import { linkOf, type Machine, namesIn, textOf } from './machine.ts'
import type { Holder } from './processes.ts'

/**
 * A thread that waits in the kernel for bytes to leave: write(2), or ioctl(2) with TCSBRK, which is how tcdrain(3)
 * waits. `/proc/PID/task/TID/syscall` gives the call's number and its arguments, numbered per architecture
 * (Linux, syscall_64.tbl and asm-generic/unistd.h). So a write that never comes back (field row 9) is seen without
 * touching the port. A line that takes bytes wakes its writer, who goes to wait again: that is counted in
 * `/proc/PID/task/TID/status`, for one write after the other looks the same as one that never ends.
 */
const CALLS: Partial<Record<NodeJS.Architecture, { write: number; ioctl: number }>> = {
  x64: { write: 1, ioctl: 16 },
  arm64: { write: 64, ioctl: 29 },
}
const TCSBRK = 0x5409

const WAITS = /^voluntary_ctxt_switches:\s*(\d+)$/m

/** Long enough for any command but a receipt at 9600 baud to have left. */
export const STUCK_AFTER_MS = 700

/**
 * Which of the nodes have a holder whose bytes the other end does not take: the same thread in the same call on
 * it, never woken in between. Reads /proc only; a holder of another user shows nothing.
 */
export async function stalledNodes(
  machine: Machine,
  holders: ReadonlyMap<string, readonly Holder[]>,
): Promise<Set<string>> {
  if ([...holders.values()].every((list) => list.length === 0)) return new Set()
  const before = await writersIn(machine, holders)
  if (before.size === 0) return new Set()
  await sleep(STUCK_AFTER_MS)
  const after = await writersIn(machine, holders)
  return new Set([...before].filter(([thread, node]) => after.get(thread) === node).map(([, node]) => node))
}

/** Thread, call and how often it has gone to wait → the node that it waits for. */
async function writersIn(
  machine: Machine,
  holders: ReadonlyMap<string, readonly Holder[]>,
): Promise<Map<string, string>> {
  const nodes = new Set(holders.keys())
  const pids = new Set([...holders.values()].flat().map((holder) => holder.pid))
  const waiting = new Map<string, string>()
  for (const pid of pids) {
    const folder = join(machine.proc, String(pid))
    for (const thread of await namesIn(join(folder, 'task'))) {
      const call = await textOf(join(folder, 'task', thread, 'syscall'))
      const descriptor = call === null ? null : descriptorWrittenTo(call)
      if (descriptor === null) continue
      const node = await linkOf(join(folder, 'fd', String(descriptor)))
      const status = (await textOf(join(folder, 'task', thread, 'status'))) ?? ''
      const waits = WAITS.exec(status)?.[1]
      if (node !== null && nodes.has(node)) waiting.set(`${pid}/${thread} ${call} ${waits}`, node)
    }
  }
  return waiting
}

function descriptorWrittenTo(call: string): number | null {
  const [name, descriptor, request] = call.split(' ')
  const calls = CALLS[process.arch]
  const waits = Number(name) === calls?.write || (Number(name) === calls?.ioctl && Number(request) === TCSBRK)
  return waits && descriptor !== undefined ? Number(descriptor) : null
}

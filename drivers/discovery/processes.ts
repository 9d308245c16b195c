import { basename, join } from 'node:path'
import { linkOf, type Machine, namesIn, textOf } from './machine.ts'
import { whileAnyEnds } from './within.ts'

/** A process that has something open. */
export interface Holder {
  pid: number
  /** The program's own name, without its arguments, which may hold anything. */
  name: string
  /** The service of systemd's that it belongs to, which would start it again; null when it is none. */
  unit: string | null
  /** A device of this product: it is meant to hold its ports. */
  window24: boolean
}

export interface Processes {
  /** Who holds the thing that a link in /proc/PID/fd names: a node's path, or `socket:[INODE]`. */
  holdersOf(link: string): readonly Holder[]
  /** Of the programs asked for by name, those that run. */
  named(name: string): readonly Holder[]
  /** Running devices of this product. */
  readonly window24: readonly Holder[]
  /** Processes whose files cannot be seen: those of other users, and one that is stuck in the kernel. */
  readonly unseen: number
}

/** Read as they are, an interpreter's name says nothing: the script's name is added where it is surely one. */
const INTERPRETERS = /^(node|nodejs|python[\d.]*|perl|ruby|java|bash|sh|dash|mono)$/

/** What follows an interpreter's name may as well be code or a word: only a path without blanks is a script. */
const SCRIPT_PATH = /^(?!-)\S*\/\S+$/

const PSEUDO_TERMINAL = /\/pts\/\d+$/

/** Looks at every process once. `links` are those whose holders will be asked for. Nothing but /proc is read. */
export async function processesHolding(machine: Machine, links: ReadonlySet<string>): Promise<Processes> {
  const pids = (await namesIn(machine.proc)).filter(
    (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
  )
  const looks = await whileAnyEnds(
    QUIET_MS,
    pids.map((pid) => lookAt(machine, Number(pid), links)),
  )
  const seen = looks.filter((look) => look !== null && look !== 'stuck')
  const holders = new Map<string, Holder[]>()
  for (const { holder, held } of seen) {
    for (const link of held) holders.set(link, [...(holders.get(link) ?? []), holder])
  }
  return {
    holdersOf: (link) => holders.get(link) ?? [],
    named: (name) => seen.filter(({ command }) => command === name).map(({ holder }) => holder),
    window24: seen.filter(({ holder }) => holder.window24).map(({ holder }) => holder),
    unseen: seen.filter(({ hidden }) => hidden).length + looks.filter((look) => look === 'stuck').length,
  }
}

/** Files of /proc are made at once, but those of a process that the kernel has stopped hang with it. */
const QUIET_MS = 1000

interface Look {
  holder: Holder
  command: string
  held: ReadonlySet<string>
  hidden: boolean
}

/** null when the process has ended meanwhile. */
async function lookAt(machine: Machine, pid: number, links: ReadonlySet<string>): Promise<Look | null> {
  const folder = join(machine.proc, String(pid))
  const command = await textOf(join(folder, 'comm'))
  if (command === null) return null
  // The kernel's own threads hold no files and have no arguments.
  const words = await wordsOf(folder)
  const descriptors = await namesIn(join(folder, 'fd'))
  const opened = await Promise.all(descriptors.map((descriptor) => linkOf(join(folder, 'fd', descriptor))))
  // Whoever has made a pseudo-terminal holds both ends of it: it is the device there, and nobody in the way.
  const makesTerminals = opened.some((link) => link?.endsWith('/ptmx'))
  const held = new Set(
    opened.filter(
      (link): link is string =>
        link !== null && links.has(link) && !(makesTerminals && PSEUDO_TERMINAL.test(link)),
    ),
  )
  return {
    holder: {
      pid,
      name: nameOf(words, command),
      unit: held.size === 0 ? null : unitIn((await textOf(join(folder, 'cgroup'))) ?? ''),
      window24: isWindow24Device(words),
    },
    command,
    held,
    // One that ended while it was looked at has no arguments any more, and hides nothing.
    hidden: descriptors.length === 0 && (await wordsOf(folder)).length > 0,
  }
}

async function wordsOf(folder: string): Promise<string[]> {
  return ((await textOf(join(folder, 'cmdline'))) ?? '').split('\0').filter((word) => word !== '')
}

function nameOf([program, second = '']: readonly string[], command: string): string {
  if (program === undefined) return command
  // A program may write a sentence of its own over its arguments, all in the first one.
  const name = basename(program.split(' ')[0] ?? '')
  return INTERPRETERS.test(name) && SCRIPT_PATH.test(second) ? `${name} ${basename(second)}` : name || command
}

/** `0::/system.slice/…/serial-getty@ttyS0.service`; version 1 calls the line `name=systemd`. */
const SYSTEM_UNIT = /^\d+:(?:name=systemd)?:\/system\.slice\/(?:.*\/)?([^/\n]+\.service)(?:\/|$)/m

function unitIn(cgroups: string): string | null {
  return SYSTEM_UNIT.exec(cgroups)?.[1] ?? null
}

function isWindow24Device(words: readonly string[]): boolean {
  const at = words.findIndex((word) => /^window24(\.[jt]s)?$/.test(basename(word)))
  return at !== -1 && words[at + 1] === 'device'
}

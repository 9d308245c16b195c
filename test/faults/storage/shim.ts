/** The shim in front of libc (shim.c): compiled when it is first needed, steered through a mapped file. */
import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** The slots of `struct control` in shim.c, in its order. */
const SLOTS = [
  'ops',
  'syncs',
  'stopAtOp',
  'stopAfter',
  'stopAtSync',
  'stops',
  'failKinds',
  'matched',
  'failAt',
  'failTimes',
  'failErrno',
  'failed',
  'shortFirst',
] as const
type Slot = (typeof SLOTS)[number]

const SLOT_BYTES = 8
const CONTROL_BYTES = 4096

/** Kinds of calls, as in shim.c; they add up. */
export const WRITE = 1
export const SYNC = 2
export const TRUNCATE = 4
export const RENAME = 8
export const CREATE = 16
export const CHANGES = WRITE | TRUNCATE | RENAME | CREATE

export const FOR_EVER = -1

/** Linux, asm-generic/errno-base.h; `swallowed` is a sync that is answered for and was never made. */
const ERRNO = { EIO: 5, ENOSPC: 28, swallowed: -1 } as const
export type ErrnoName = keyof typeof ERRNO

/** What is compiled lies in the rig's folder and goes with it. @throws Error naming what is needed */
export function compileTools(folder: string): { shim: string; keep: string } {
  const built = { shim: join(folder, 'shim.so'), keep: join(folder, 'keep') }
  if (existsSync(built.keep)) return built
  const source = (name: string): string => join(import.meta.dirname, name)
  try {
    execFileSync('gcc', ['-O2', '-shared', '-fPIC', '-o', built.shim, source('shim.c')])
    execFileSync('gcc', ['-O2', '-o', built.keep, source('keep.c')])
  } catch (cause) {
    throw new Error('the storage faults need a C compiler: apt-get install gcc libc6-dev', { cause })
  }
  return built
}

export interface FaultPlan {
  /** Which kinds of calls are counted and may fail. */
  kinds: number
  /** The n-th of them from now on, from 1. */
  at: number
  /** How many in a row; FOR_EVER for all from there on. */
  times: number
  errno: ErrnoName
  /** The first sectors of the failing write are taken, and told as such. */
  shortFirst?: boolean
}

/** The rig's hand on one process under test. */
export class Control {
  readonly path: string
  readonly #fd: number

  constructor(path: string) {
    this.path = path
    this.#fd = openSync(path, existsSync(path) ? 'r+' : 'w+')
    if (this.#read('ops') === null) writeSync(this.#fd, new Uint8Array(CONTROL_BYTES), 0, CONTROL_BYTES, 0)
  }

  /** What a child is started with, so that the shim is in it and watches `folder`. */
  environment(shim: string, folder: string): Record<string, string> {
    return { LD_PRELOAD: shim, W24_FAULT_DIR: folder, W24_FAULT_CONTROL: this.path }
  }

  get ops(): number {
    return this.#get('ops')
  }

  get syncs(): number {
    return this.#get('syncs')
  }

  /** How often it has stopped the process. */
  get stops(): number {
    return this.#get('stops')
  }

  /** How many calls were made to fail since the last `fail`. */
  get failed(): number {
    return this.#get('failed')
  }

  /** Stops the process before, or right after, the n-th call from now on. */
  stopAtOp(fromNow: number, when: 'before' | 'after'): void {
    this.#set('stopAfter', when === 'after' ? 1 : 0)
    this.#set('stopAtSync', 0)
    this.#set('stopAtOp', this.ops + fromNow)
  }

  stopAtSync(fromNow: number, when: 'before' | 'after'): void {
    this.#set('stopAfter', when === 'after' ? 1 : 0)
    this.#set('stopAtOp', 0)
    this.#set('stopAtSync', this.syncs + fromNow)
  }

  stopNowhere(): void {
    this.#set('stopAtOp', 0)
    this.#set('stopAtSync', 0)
  }

  fail({ kinds, at, times, errno, shortFirst = false }: FaultPlan): void {
    this.mend()
    this.#set('failErrno', ERRNO[errno])
    this.#set('failTimes', times)
    this.#set('shortFirst', shortFirst ? 1 : 0)
    this.#set('failAt', at)
    this.#set('failKinds', kinds)
  }

  /** Nothing fails any more. */
  mend(): void {
    this.#set('failKinds', 0)
    this.#set('failAt', 0)
    this.#set('matched', 0)
    this.#set('failed', 0)
  }

  close(): void {
    closeSync(this.#fd)
  }

  #read(slot: Slot): bigint | null {
    const bytes = Buffer.alloc(SLOT_BYTES)
    const count = readSync(this.#fd, bytes, 0, SLOT_BYTES, SLOTS.indexOf(slot) * SLOT_BYTES)
    return count < SLOT_BYTES ? null : bytes.readBigInt64LE()
  }

  #get(slot: Slot): number {
    return Number(this.#read(slot) ?? 0n)
  }

  #set(slot: Slot, value: number): void {
    const bytes = Buffer.alloc(SLOT_BYTES)
    bytes.writeBigInt64LE(BigInt(value))
    writeSync(this.#fd, bytes, 0, SLOT_BYTES, SLOTS.indexOf(slot) * SLOT_BYTES)
  }
}

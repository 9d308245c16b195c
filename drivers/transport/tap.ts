/**
 * Looking at the bytes of a port while they pass, for a technician. What leaves here has gone through a mask, which lets
 * through what it knows to be nobody's and nothing else; the bytes themselves stay with the wire. Nobody looks most of
 * the time, and then a chunk costs one look at an empty map.
 */
import { Listeners } from '../listeners.ts'

export type Direction = 'in' | 'out'

/** Which bytes of a driver's wire may be seen. Keeps nothing of them but where in a frame or a command it is. */
export interface ByteMask {
  /** A wire has just been opened: what was begun on the one before is over. */
  begin(): void
  /** For each byte whether it may be seen; false for whatever it does not know for sure. */
  shown(direction: Direction, bytes: Uint8Array): boolean[]
}

/** One chunk as it passed. `hex`: pairs with blanks between, `··` for each that is not shown, `…` for more of them. */
export interface SeenBytes {
  direction: Direction
  hex: string
  count: number
}

/** What a line of a screen holds; of a picture or a page nobody reads more. */
const SHOWN_BYTES_AT_MOST = 40

const HIDDEN = '··'

interface Watcher {
  mask: ByteMask
  listeners: Listeners<SeenBytes>
}

/** By port string, for a port has one owner in a process. */
const watched = new Map<string, Set<Watcher>>()

/** Tells what passes at the port from now on, through the mask, which is this watcher's own. Gives how to stop. */
export function watchBytes(port: string, mask: ByteMask, listener: (seen: SeenBytes) => void): () => void {
  const watcher: Watcher = { mask, listeners: new Listeners() }
  watcher.listeners.add(listener)
  const watchers = watched.get(port) ?? new Set()
  watched.set(port, watchers.add(watcher))
  return () => {
    watchers.delete(watcher)
    if (watchers.size === 0 && watched.get(port) === watchers) watched.delete(port)
  }
}

/** A wire at that port has just been opened. */
export function opened(port: string): void {
  if (watched.size === 0) return
  for (const { mask } of watched.get(port) ?? []) mask.begin()
}

/** Called by the wire, before whoever owns the bytes has them and may wipe them. */
export function passed(port: string, direction: Direction, bytes: Uint8Array): void {
  if (watched.size === 0) return
  for (const { mask, listeners } of watched.get(port) ?? []) {
    const shown = mask.shown(direction, bytes)
    listeners.emit({ direction, hex: hexOf(bytes, shown), count: bytes.length })
  }
}

function hexOf(bytes: Uint8Array, shown: readonly boolean[]): string {
  const pairs: string[] = []
  for (const [index, byte] of bytes.subarray(0, SHOWN_BYTES_AT_MOST).entries()) {
    pairs.push(shown[index] ? byte.toString(16).toUpperCase().padStart(2, '0') : HIDDEN)
  }
  return bytes.length > SHOWN_BYTES_AT_MOST ? `${pairs.join(' ')} …` : pairs.join(' ')
}

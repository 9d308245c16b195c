import { type FSWatcher, readdirSync, type Stats, statSync, type WatchListener, watch } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parsePort } from './port.ts'

/** udev makes a node, its links and its permissions one after another: told of once, when they are all there. */
const SETTLE_MS = 50

/**
 * Tells when the thing that a port names may have come or gone: the serial device (or its link), a hidraw node,
 * the folder of `dir:`. Nothing is told for addresses, nor for strings that are no port. Where the kernel cannot
 * watch any more folders nothing is told either: the supervisor's back-off finds the device all the same.
 * Returns how to stop; no handle is left, and none keeps the process alive.
 */
export function watchPort(port: string, changed: () => void): () => void {
  const parsed = parsePort(port)
  if (!parsed.ok) return () => {}
  switch (parsed.port.kind) {
    case 'serial':
    case 'dir': {
      const { path } = parsed.port
      return watchNodes(() => nearestFolder(path), changed)
    }
    case 'hid':
      return watchNodes(() => HIDRAW_NODES, changed)
    case 'tcp':
    case 'ipp':
      return () => {}
  }
}

/** A folder, and which of its entries are to be told of. */
interface Lookout {
  folder: string
  concerns: (name: string) => boolean
}

const HIDRAW_NODES: Lookout = { folder: '/dev', concerns: (name) => /^hidraw\d+$/.test(name) }

/** Where to look out for a path: in its folder or, as long as that is missing, in the nearest that exists. */
function nearestFolder(path: string): Lookout {
  let next = path
  let folder = dirname(path)
  while (folder !== dirname(folder) && statOf(folder)?.isDirectory() !== true) {
    next = folder
    folder = dirname(folder)
  }
  const wanted = basename(next)
  return { folder, concerns: (name) => name === wanted }
}

function watchNodes(choose: () => Lookout, changed: () => void): () => void {
  let watcher: FSWatcher | undefined
  let timer: NodeJS.Timeout | undefined
  /** By path; of the nodes that are there. */
  const access = new Map<string, string>()

  const tell = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      changed()
    }, SETTLE_MS)
  }

  /** Every byte written to a device is a change to its folder's watcher; only another owner or mode is news. */
  const accessChanged = (path: string): boolean => {
    const before = access.get(path)
    const now = accessOf(path)
    if (now === undefined) access.delete(path)
    else access.set(path, now)
    return before !== now
  }

  const arm = ({ folder, concerns }: Lookout): void => {
    watcher?.close()
    watcher = watchFolder(folder, (event, name) => {
      const nearest = choose()
      // inotify gives the folder's own going the folder's name.
      if (nearest.folder !== folder || (event === 'rename' && name === basename(folder))) {
        arm(nearest)
        tell()
      } else if (name === null) {
        tell()
      } else if (concerns(name)) {
        const renewed = accessChanged(join(folder, name))
        if (renewed || event === 'rename') tell()
      }
    })
    for (const name of namesIn(folder)) if (concerns(name)) accessChanged(join(folder, name))
    // What came between choosing and watching was not seen.
    const nearest = choose()
    if (nearest.folder !== folder) arm(nearest)
  }

  arm(choose())
  return () => {
    clearTimeout(timer)
    watcher?.close()
  }
}

/** Undefined when the folder vanished meanwhile, or when the kernel has no watch left to give. */
function watchFolder(folder: string, listener: WatchListener<string>): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, listener)
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return undefined
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function accessOf(path: string): string | undefined {
  const stats = statOf(path)
  return stats && `${stats.mode}:${stats.uid}:${stats.gid}`
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    // A folder on the way that this user may not look into.
    return undefined
  }
}

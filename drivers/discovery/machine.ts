import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { loadNodeHid } from '../transport/hid-library.ts'

/** What is asked of node-hid: its list of devices. Type only, so that nothing native is loaded by knowing it. */
export interface HidLister {
  devicesAsync(): Promise<HidListing[]>
}

export interface HidListing {
  vendorId: number
  productId: number
  path?: string | undefined
  serialNumber?: string | undefined
  manufacturer?: string | undefined
  product?: string | undefined
  usagePage?: number | undefined
  usage?: number | undefined
  /** Number of the USB interface; -1 where it is not known. */
  interface?: number | undefined
}

/**
 * Where a machine tells about itself. A test plants folders of its own; every path in the facts is a real path
 * under these roots, so that what the doctor prints can be typed.
 */
export interface Machine {
  dev: string
  sys: string
  proc: string
  run: string
  etc: string
  /** CUPS, as applications on this machine reach it; ends with a slash. */
  cups: string
  loadHid(): Promise<HidLister>
}

export const THIS_MACHINE: Machine = {
  dev: '/dev',
  sys: '/sys',
  proc: '/proc',
  run: '/run',
  etc: '/etc',
  cups: 'ipp://127.0.0.1/',
  loadHid: loadNodeHid,
}

/*
 * Everything here may vanish between listing and reading: a cable is pulled, a process ends, a file is not for
 * this user. Each is an ordinary answer of a machine, so it reads as absent; only a defect would throw.
 */

/** The trimmed text of a small file, null when it cannot be read. */
export async function textOf(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    return null
  }
}

/** Names in a folder, sorted as people count (ttyUSB2 before ttyUSB10); none when it cannot be read. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder)
    return names.sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
  } catch {
    return []
  }
}

/** What a path leads to in the end, null when that is not there. */
export async function targetOf(path: string): Promise<string | null> {
  try {
    return await realpath(path)
  } catch {
    return null
  }
}

/** What a symbolic link says, null when the path is none. */
export async function linkOf(path: string): Promise<string | null> {
  try {
    return await readlink(path)
  } catch {
    return null
  }
}

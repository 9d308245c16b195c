/**
 * A damaged store out of the way, whole, and a new one in its place with what could be read. The new one is complete
 * before the old one moves, so that a cut of power at any moment leaves one of the two to go on with.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { syncFolderOf } from '../../sync/durable-file.ts'
import type { Identity } from '../../sync/identity.ts'
import { startEpoch } from '../../sync/outbox-epoch.ts'
import { leaveUntold } from '../../sync/outbox-untold.ts'
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import type { Db } from '../../sync/sqlite.ts'
import { type Salvaged, salvage } from './salvage.ts'
import { openStoreFile, STORE_FILE } from './store.ts'

/** Not complete yet: begun anew at the next start. */
const BEGUN_FILE = 'store.begun.sqlite'
/** Complete: takes the place of the damaged one, at the next start if need be. */
const SALVAGED_FILE = 'store.salvaged.sqlite'
const SET_ASIDE_FOLDER = 'set-aside-'
/** The damaged store by another name, beside a WAL that SQLite can read; only read, and gone with the salvage. */
const ADOPTED_FILE = 'store.adopted.sqlite'
/** The store last: while it is there, its WAL belongs to it. */
const SIDE_FILES = ['-shm', '-wal', '.lost', '']
/** Beside a store of which something did not go over, of whatever room: its folder is never forgotten. */
const LOST_SIDE = '.lost'

/** A disk that fails again and again must not be filled with its failures. */
const KEPT_FOLDERS = 3

export interface SetAside {
  folder: string
  salvaged: Salvaged
}

export interface SetAsideOptions {
  /** Of a damaged WAL, what SQLite can read: the WAL itself stays as it is. */
  adopted?: Buffer | null
  now?: Date
}

/** @throws StoreError `store-foreign`; SQLite's or the system's error when there is no room for the new one */
export const setStoreAside = (
  dataDir: string,
  identity: Identity,
  { adopted = null, now = new Date() }: SetAsideOptions = {},
): SetAside => {
  const store = join(dataDir, STORE_FILE)
  const begun = join(dataDir, BEGUN_FILE)
  removeStore(begun)
  const db = openStoreFile(begun)
  let salvaged: Salvaged
  try {
    salvaged = salvage(adopted === null ? store : layBeside(dataDir, adopted), db, identity)
    const { epoch, hash } = salvaged.known
    // identity.json first, so that no epoch is ever used twice.
    identity.rememberChain({ epoch: epoch + 1, hash })
    noteFact(db, salvaged, now)
    startEpoch(db, epoch + 1, hash)
    db.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    db.close()
    removeStore(join(dataDir, ADOPTED_FILE))
  }
  if (salvaged.lost > 0 || !salvaged.isWhole || salvaged.carried + salvaged.rows === 0)
    writeFileSync(store + LOST_SIDE, `${salvaged.lost}\n`, { mode: 0o600 })
  syncFile(begun)
  renameSync(begun, join(dataDir, SALVAGED_FILE))
  syncFolderOf(begun)
  return { folder: finishSettingAside(dataDir, now) ?? dataDir, salvaged }
}

const layBeside = (dataDir: string, wal: Buffer): string => {
  const path = join(dataDir, ADOPTED_FILE)
  removeStore(path)
  try {
    linkSync(join(dataDir, STORE_FILE), path)
  } catch {
    // A file system without links takes it twice.
    copyFileSync(join(dataDir, STORE_FILE), path)
  }
  writeFileSync(`${path}-wal`, wal, { mode: 0o600 })
  return path
}

/**
 * What a stop of the program left of it. Null when there is nothing to finish.
 * @returns where the damaged store lies now
 */
export const finishSettingAside = (dataDir: string, now: Date = new Date()): string | null => {
  removeStore(join(dataDir, BEGUN_FILE))
  removeStore(join(dataDir, ADOPTED_FILE))
  const salvaged = join(dataDir, SALVAGED_FILE)
  if (!existsSync(salvaged)) return null
  const store = join(dataDir, STORE_FILE)
  const folder = moveAway(store, dataDir, now)
  renameSync(salvaged, store)
  syncFolderOf(store)
  forgetOldest(dataDir)
  return folder
}

/** What a cut of power has moved before stays where it is. */
const moveAway = (store: string, dataDir: string, now: Date): string => {
  const there = SIDE_FILES.filter((side) => existsSync(store + side))
  const newest = foldersIn(dataDir).at(-1)
  if (there.length === 0 && newest !== undefined) return join(dataDir, newest)
  const folder = folderFor(dataDir, now)
  for (const side of there) renameSync(store + side, join(folder, STORE_FILE + side))
  syncFolderOf(join(folder, STORE_FILE))
  syncFolderOf(store)
  return folder
}

/** By the hour of the clock, however wrong; the files of one store stay together when a cut came between them. */
const folderFor = (dataDir: string, now: Date): string => {
  const begun = foldersIn(dataDir).findLast((name) => !existsSync(join(dataDir, name, STORE_FILE)))
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const free = (number: number): string => {
    const name = `${SET_ASIDE_FOLDER}${stamp}${number === 0 ? '' : `-${number}`}`
    return existsSync(join(dataDir, name)) ? free(number + 1) : name
  }
  const folder = join(dataDir, begun ?? free(0))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

const foldersIn = (dataDir: string): string[] =>
  readdirSync(dataDir)
    .filter((name) => name.startsWith(SET_ASIDE_FOLDER))
    .sort()

const forgetOldest = (dataDir: string): void => {
  const isLossless = (name: string): boolean => !existsSync(join(dataDir, name, STORE_FILE + LOST_SIDE))
  for (const name of foldersIn(dataDir).filter(isLossless).slice(0, -KEPT_FOLDERS))
    rmSync(join(dataDir, name), { recursive: true, force: true })
}

/** Told in the chain as soon as this device may append. */
const noteFact = (db: Db, { carried, lost }: Salvaged, now: Date): void =>
  leaveUntold(db, {
    fact: 'storage',
    problem: 'damaged-set-aside',
    since: formatInstant(now),
    carried,
    lost,
  })

const removeStore = (path: string): void => {
  for (const side of SIDE_FILES) rmSync(path + side, { force: true })
}

const syncFile = (path: string): void => {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

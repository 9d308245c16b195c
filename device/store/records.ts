/** What a device keeps in its folder, opened so that all of it can be trusted: identity, store, chain. */
import { accessSync, constants, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { removeQuietly } from '../../sync/durable-file.ts'
import { type Identity, loadIdentity } from '../../sync/identity.ts'
import { type Outbox, openOutbox } from '../../sync/outbox.ts'
import { leaveUntold, type StorageFact } from '../../sync/outbox-untold.ts'
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import { openReserve, type Reserve } from '../../sync/reserve.ts'
import { mendSchema } from '../../sync/schema-mend.ts'
import { type Db, StoreError } from '../../sync/sqlite.ts'
import { closeWhole, closeWithoutCheckpoint } from '../../sync/sqlite-checkpoint.ts'
import { storageProblem } from '../../sync/sqlite-faults.ts'
import { mendHeader } from '../../sync/store-header.ts'
import { doubtedSince, forgetDoubt, type Mend, noteDoubt, readyFiles } from '../../sync/wal.ts'
import { mendWal, type WalState } from '../../sync/wal-mend.ts'
import { storeFault } from './check.ts'
import { guardSyncs } from './guard.ts'
import { lockStore } from './lock.ts'
import { finishSettingAside, type SetAside, setStoreAside } from './set-aside.ts'
import { openStoreFile, STORE_FILE, storeMigrations } from './store.ts'

/** Only the owner: the folder holds the device's key. */
const DATA_FOLDER_MODE = 0o700

const RESERVE_FILE = 'store.reserve'

const REPLACED_FILES = ['identity.json', STORE_FILE, `${STORE_FILE}-wal`]

export interface Records {
  identity: Identity
  db: Db
  outbox: Outbox
  /** Where a damaged store lies now; null when it was sound. */
  setAsideIn: string | null
  /** A sync had failed before this opening: the files are new ones, and a fact tells it. */
  doubted: boolean
  /** In the right order; safe to call twice. After a failed sync there is nothing left to close but the folder. */
  close(): void
}

export interface RecordsOptions {
  dataDir: string
  quotaBytes?: number
  reserveBytes?: number
  clock?: () => Date
  /** As of the outbox. */
  hallNow?: () => Date | null
  /** When a sync failed of which the disk may have taken no note; null when none has. */
  doubtedSince?: Date | null
  /**
   * As of the outbox; of a store that was set aside (StoreError `store-damaged`); and of a failed sync: the store is
   * closed already then and takes nothing more, so close these records and open them anew.
   */
  onTrouble?: (error: unknown) => void
}

/**
 * A damaged store is set aside whole, what can be read of it carried over, and the chain goes on in a new epoch.
 * @throws StoreError when the folder is in use, or its store is another device's, a newer version's or unreachable
 * @throws IdentityError when identity.json is damaged; the system's error when the folder cannot be used
 */
export const openRecords = (options: RecordsOptions): Records => {
  const { dataDir, clock, hallNow, quotaBytes } = options
  const onTrouble = (error: unknown): void => {
    if (storageProblem(error) === 'sync-failed' && opened.db !== undefined) abandon(opened.db)
    options.onTrouble?.(error)
  }
  mkdirSync(dataDir, { recursive: true, mode: DATA_FOLDER_MODE })
  accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  const lock = lockStore(dataDir)
  // What a cut of power left half written, beside the files that were to be replaced by it.
  for (const name of REPLACED_FILES) removeQuietly(join(dataDir, `${name}.new`))
  const opened: { db?: Db; outbox?: Outbox } = {}
  const close = (): void => {
    opened.outbox?.close()
    if (opened.db?.open) closeQuietly(opened.db)
    lock.release()
  }
  try {
    const reserve = openReserve(join(dataDir, RESERVE_FILE), options.reserveBytes)
    const identity = onFullDisk(reserve, () => loadIdentity(dataDir))
    const openChain = (db: Db): Outbox =>
      openOutbox({
        db,
        identity,
        reserve,
        onTrouble,
        ...(clock && { clock }),
        ...(hallNow && { hallNow }),
        ...(quotaBytes !== undefined && { quotaBytes }),
      })
    const since = doubtedSince(join(dataDir, STORE_FILE)) ?? options.doubtedSince ?? null
    const sound = onFullDisk(reserve, () => openSound({ dataDir, identity, onTrouble, openChain, since }))
    opened.db = sound.db
    opened.outbox = sound.outbox
    return { identity, ...sound, close }
  } catch (error) {
    close()
    throw error
  }
}

/** Even the first read of a WAL wants to write: on a full disk the reserve is given for it. */
const onFullDisk = <T>(reserve: Reserve, open: () => T): T => {
  try {
    return open()
  } catch (error) {
    const noRoom = storageProblem(error) === 'disk-full' || isOutOfRoom(error)
    if (!noRoom || !reserve.give()) throw error
    const opened = open()
    reserve.take()
    return opened
  }
}

/** SQLite says of its shared memory only that it cannot be made larger. */
const isOutOfRoom = (error: unknown): boolean =>
  error instanceof StoreError &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  /^SQLITE_(IOERR_SHM|CANTOPEN)/.test(String(error.cause.code))

type Sound = Pick<Records, 'db' | 'outbox' | 'setAsideIn' | 'doubted'>

/** @param since when a sync failed of which the store does not tell yet */
const openSound = ({
  dataDir,
  identity,
  onTrouble,
  openChain,
  since,
}: {
  dataDir: string
  identity: Identity
  onTrouble: (error: unknown) => void
  openChain: (db: Db) => Outbox
  since: Date | null
}): Sound => {
  const doubted = since !== null
  const path = join(dataDir, STORE_FILE)
  const open = (setAsideIn: string | null): Sound => {
    const db = openStoreFile(path, refuseDamaged)
    guardSyncs(db, (error) => {
      if (!db.open) return
      abandon(db)
      onTrouble(error)
    })
    try {
      if (doubted) {
        leaveUntold(db, syncFailedFact(since))
        forgetDoubt(path)
      }
      return { db, outbox: openChain(db), setAsideIn, doubted }
    } catch (error) {
      if (db.open) closeWithoutCheckpoint(db)
      throw error
    }
  }
  finishSettingAside(dataDir)
  /** Of a damaged WAL, what SQLite can read; the file stays as it is until that is in a new store. */
  let adopted: Buffer | null = null
  const mend: Mend = (wal, index) => {
    adopted = wal
    const state = refuseDamagedWal(path, wal, index)
    adopted = null
    return state
  }
  const tellMended = (where: string): void =>
    onTrouble(
      new StoreError(
        'event-damaged',
        `${path}: wrong bits in its ${where} were set right, nothing is lost: replace this disk`,
      ),
    )
  try {
    // First of all: SQLite asks the header whether there is a WAL.
    if (mendHeader(path)) tellMended('header')
    if (readyFiles(path, mend, doubted) === 'mended') tellMended('WAL')
    return openMended({
      open: () => open(null),
      mend: () => mendSchema(path, storeMigrations),
      onMended: () => tellMended('schema'),
    })
  } catch (error) {
    if (storageProblem(error) !== 'damaged') throw error
    const { folder, salvaged } = setAsideInWords(path, identity, adopted)
    onTrouble(
      new StoreError(
        'store-damaged',
        `${path} was damaged and lies in ${folder} now; ${salvaged.carried} events went over, ${salvaged.lost} are lost: replace this disk`,
        { cause: error },
      ),
    )
    return open(folder)
  }
}

/** Once more where what is damaged could be set right; where that was not all, it is damaged still. */
const openMended = ({
  open,
  mend,
  onMended,
}: {
  open: () => Sound
  mend: () => boolean
  onMended: () => void
}): Sound => {
  try {
    return open()
  } catch (error) {
    if (storageProblem(error) !== 'damaged' || !mend()) throw error
    const opened = open()
    onMended()
    return opened
  }
}

const syncFailedFact = (since: Date): StorageFact => ({
  fact: 'storage',
  problem: 'sync-failed',
  since: formatInstant(since),
  carried: null,
  lost: null,
})

const refuseDamagedWal = (path: string, wal: Buffer, index: Buffer | null): WalState => {
  const state = mendWal(wal, index)
  if (state === 'damaged')
    throw new StoreError('store-damaged', `${path} is damaged: its WAL is not what was written`)
  return state
}

const setAsideInWords = (path: string, identity: Identity, adopted: Buffer | null): SetAside => {
  try {
    return setStoreAside(dirname(path), identity, { adopted })
  } catch (error) {
    if (storageProblem(error) !== 'disk-full') throw error
    throw new StoreError(
      'store-full',
      `${path} is damaged, and there is no room to write what can be read of it anew: make room on its disk`,
      { cause: error },
    )
  }
}

/** What a disk does not take into the store stays in the WAL, for the next start. */
const closeQuietly = (db: Db): void => {
  try {
    closeWhole(db)
  } catch (error) {
    if (storageProblem(error) === null) throw error
  }
}

/** From here on every use of it throws, until the records are opened anew. */
const abandon = (db: Db): void => {
  if (!db.open) return
  noteDoubt(db.name)
  closeWithoutCheckpoint(db)
}

const refuseDamaged = (db: Db): void => {
  const fault = storeFault(db)
  if (fault !== null) throw new StoreError('store-damaged', `${db.name} is damaged: ${fault}`)
}

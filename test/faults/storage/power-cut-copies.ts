/** A disk as it may be found when the power goes now: every way of it, each a case for the judge. */
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  copyFileSync,
  cpSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { type Disk, METADATA_BYTES } from './disk.ts'
import type { PowerCutRun } from './power-cut.ts'
import { readImage, writeSparse, writeTorn } from './torn.ts'

/** Not at each stop: what is written out for such a copy stays written out for the rest of the run. */
const TORN = 0.4
const TORN_COPIES = 4
/** A store that has lost what its hall knows never drains: such copies are what a lying disk leaves, one after another. */
const DRAIN_OF_A_LIE_MS = 1_000
/** The file system commits its own metadata by itself, at times without the data that they tell of. */
const COMMITS_ALONE = 0.5

/** What a run has on its disk, and how far it is. */
export interface Scene {
  run: PowerCutRun
  disk: Disk
  folders: { device: string; hall: string }
  ledger: string
  /** Empty before there is one. */
  enrolmentCode: string
  taken: number
}

/** Every way in which this disk may be found when the power goes now. */
export async function takeCopies(scene: Scene): Promise<void> {
  const { disk, run } = scene
  const { random } = run
  const give = async (write: (path: string) => void, how: string): Promise<void> => {
    if (scene.taken >= run.copies) return
    scene.taken += 1
    await giveCopy(scene, write, `${how}, copy ${scene.taken}`)
  }
  const image = join(run.rig, `${run.name}-now.img`)
  const snapshot = (): Buffer => {
    disk.copyTo(image)
    return readImage(image)
  }
  const synced = snapshot()
  await give((path) => writeSparse(synced, path), 'as synced')
  if (!random.chance(TORN)) return
  if (random.chance(COMMITS_ALONE)) flush(disk)
  const committed = snapshot()
  execFileSync(run.tools.keep, filesBelow(disk.folder))
  const later = snapshot()
  // What was written after a commit cannot be on a disk without that commit: then there is nothing to mix.
  const hasCommitted = committed.compare(later, 0, METADATA_BYTES, 0, METADATA_BYTES) !== 0
  for (let n = 0; n < TORN_COPIES && !hasCommitted; n += 1) {
    const share = random.next()
    await give((path) => void writeTorn(committed, later, path, share, random), `torn ${share.toFixed(2)}`)
  }
  await give((path) => writeSparse(later, path), 'all written')
}

async function giveCopy(
  { run, folders, ledger, enrolmentCode }: Scene,
  write: (path: string) => void,
  how: string,
): Promise<void> {
  const scratch = join(run.rig, crypto.randomUUID())
  mkdirSync(scratch)
  const image = join(scratch, 'copy.img')
  write(image)
  copyFileSync(ledger, join(scratch, 'ledger'))
  const bare = { device: 'device', hall: 'hall' }
  const [deviceOnImage, hallOnImage] = [run.victim !== 'hall', run.victim !== 'device']
  if (!deviceOnImage) cpSync(folders.device, join(scratch, 'device'), { recursive: true })
  if (!hallOnImage) cpSync(folders.hall, join(scratch, 'hall'), { recursive: true })
  await run.judge.give(
    {
      image,
      device: deviceOnImage ? bare.device : join(scratch, 'device'),
      hall: hallOnImage ? bare.hall : join(scratch, 'hall'),
      deviceOnImage,
      hallOnImage,
      ledger: join(scratch, 'ledger'),
      enrolmentCode,
      drainMs: run.lies ? DRAIN_OF_A_LIE_MS : undefined,
      scratch,
    },
    (findings) => run.tally.add(run.name, 'copies', findings, `${how}, ${scratch}`),
  )
}

/** A sync of a file that is not the product's commits the file system's metadata, and no data but its own. */
export function flush(disk: Disk): void {
  const file = openSync(join(disk.folder, 'metadata'), 'a')
  writeSync(file, '.')
  fsyncSync(file)
  closeSync(file)
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

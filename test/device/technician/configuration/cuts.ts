/** Stops a writing process at every write and every sync, and shows what a cut of power leaves there. */
import { execFileSync, fork } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Disk, mountCopy } from '../../../faults/storage/disk.ts'
import { running } from '../../../faults/storage/processes.ts'
import { Control } from '../../../faults/storage/shim.ts'
import type { CutWork } from './cut-writer.ts'

/** A process that neither stops nor ends by then hangs; on a loaded machine a start takes seconds. */
const PATIENCE_MS = 60_000
const LOOK_MS = 1

export interface Cut {
  /** At which write or sync, from 1. */
  at: number
  /** What is found on the disk, mounted again. */
  folder: string
  ended: boolean
}

/**
 * @param writtenOut the file system has written everything out by itself at each moment; else nothing that was not synced
 */
export const cutEverywhere = async (
  rig: { rig: string; tools: { shim: string } },
  disk: Disk,
  work: CutWork,
  writtenOut: boolean,
  look: (cut: Cut) => void,
): Promise<void> => {
  const control = new Control(join(rig.rig, `control-${crypto.randomUUID()}`))
  const child = fork(join(import.meta.dirname, 'cut-writer.ts'), [JSON.stringify(work)], {
    silent: true,
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '', ...control.environment(rig.tools.shim, disk.folder) },
  })
  const writer = running(child)
  try {
    control.stopAtOp(1, 'before')
    for (let at = 1; ; at += 1) {
      const end = performance.now() + PATIENCE_MS
      // Just set going, it still looks stopped: only the shim's count says that this is the next stop.
      while (!writer.ended && control.stops < at && performance.now() < end) await sleep(LOOK_MS)
      const stopped = await writer.untilStopped(PATIENCE_MS)
      if (stopped && control.stops < at) throw new Error(`the writer hangs: ${writer.words()}`)
      if (writtenOut) execFileSync('sync', ['-f', disk.folder])
      lookAtCopy(rig.rig, disk, (folder) => look({ at, folder, ended: !stopped }))
      if (!stopped) break
      control.stopAtOp(1, 'before')
      writer.goOn()
    }
    if (writer.exitCode !== 0) throw new Error(writer.words())
  } finally {
    await writer.kill()
    control.close()
  }
}

const lookAtCopy = (rig: string, disk: Disk, look: (folder: string) => void): void => {
  const image = join(rig, 'cut.img')
  disk.copyTo(image)
  const found = mountCopy(image, join(rig, 'cut'))
  try {
    look(found.folder)
  } finally {
    found.remove()
    rmSync(image, { force: true })
  }
}

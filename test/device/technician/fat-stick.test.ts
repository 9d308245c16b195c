/** What is written to a stick as it is bought is there again, whole and under a name of its own. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { readFromStick, writeToStick } from '../../../device/technician/stick-files.ts'
import { findSticks } from '../../../device/technician/sticks.ts'
import { PlantedMachine } from '../../drivers/discovery/planted-machine.ts'
import { type FatImage, mountFat } from './support/fat-image.ts'
import { deviceOf, plantDisk } from './support/stick.ts'

const NAME = 'window24-pad-2026-11-22.w24setup'
const BYTES = Buffer.from('sealed and sealed and sealed\n')
const LARGE_BYTES = 300_000

/** A kernel that knows no FAT needs FUSE for it. */
const canMount = readFileSync('/proc/filesystems', 'utf8').includes('\tvfat\n') || existsSync('/dev/fuse')

let machine: PlantedMachine
let fat: FatImage

beforeEach(({ skip }) => {
  if (!canMount) skip('this kernel has neither FAT nor FUSE')
  fat = mountFat(onTestFinished)
  machine = new PlantedMachine(onTestFinished)
  plantDisk(machine, { device: deviceOf(statSync(fat.folder).dev), label: 'SETUP' })
  machine.file(join(machine.proc, 'self', 'mountinfo'), fat.mountinfo())
})

const onIt = (): string[] => readdirSync(fat.folder).filter((name) => name.startsWith('window24'))

it('a FAT stick is known, and what is written to it is read back the same', async () => {
  expect(await findSticks(machine)).toMatchObject([{ id: 'sdb1', label: 'SETUP', trouble: null }])
  const large = Buffer.alloc(LARGE_BYTES, BYTES)
  expect(await writeToStick(machine, 'sdb1', NAME, large)).toEqual({ ok: true, file: NAME })
  expect(onIt()).toEqual([NAME])
  expect(await readFromStick(machine, 'sdb1', NAME, LARGE_BYTES)).toEqual({ ok: true, bytes: large })
})

it('on FAT, which tells no capital letters from small ones, a file that is there is kept', async () => {
  await writeToStick(machine, 'sdb1', NAME, BYTES)
  const again = await writeToStick(machine, 'sdb1', NAME.toUpperCase(), Buffer.from('another'))
  expect(again).toEqual({ ok: true, file: 'WINDOW24-PAD-2026-11-22-2.W24SETUP' })
  expect(await readFromStick(machine, 'sdb1', NAME, LARGE_BYTES)).toEqual({ ok: true, bytes: BYTES })
})

/** A stick as it is bought: FAT on an image. The kernel mounts it where it knows FAT, else a driver outside of it. */
import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rigFolder } from '../../../faults/storage/disk.ts'

const IMAGE_BYTES = 32 * 1024 * 1024
/** As /proc/self/mountinfo names what fusefat has mounted. */
const OUTSIDE_TYPE = 'fuse.fusefat'

export interface FatImage {
  /** Where it is mounted. */
  folder: string
  /** What is mounted on this machine, by the types that the kernel's own drivers have. */
  mountinfo(): string
}

/** @param atEnd is told how to clear it away */
export const mountFat = (atEnd: (clear: () => void) => void): FatImage => {
  const rig = rigFolder()
  atEnd(() => rmSync(rig, { recursive: true, force: true }))
  const [image, folder] = [join(rig, 'stick.img'), join(rig, 'stick')]
  const file = openSync(image, 'w', 0o600)
  ftruncateSync(file, IMAGE_BYTES)
  closeSync(file)
  execFileSync('mkfs.vfat', ['-n', 'SETUP', image], { stdio: 'ignore' })
  mkdirSync(folder)
  if (readFileSync('/proc/filesystems', 'utf8').includes('\tvfat\n'))
    execFileSync('mount', ['-o', 'loop', image, folder])
  else execFileSync('fusefat', ['-o', 'rw+', image, folder], { stdio: 'ignore' })
  atEnd(() => void execFileSync('umount', [folder]))
  return {
    folder,
    mountinfo: () => readFileSync('/proc/self/mountinfo', 'utf8').replaceAll(OUTSIDE_TYPE, 'vfat'),
  }
}

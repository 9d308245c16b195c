/** What is mounted on this machine: /proc/self/mountinfo, proc_pid_mountinfo(5). */

export interface Mount {
  /** `8:17`: which block device, as /sys/dev/block names it. */
  device: string
  /** The part of the file system that is mounted; `/` is all of it. */
  root: string
  folder: string
  readOnly: boolean
  /** As `vfat`. */
  type: string
}

const LINE =
  /^\d+ \d+ (?<device>\d+:\d+) (?<root>\S+) (?<folder>\S+) (?<options>\S+)(?: \S+)*? - (?<type>\S+) \S+ (?<superOptions>\S+)$/

export const mountsIn = (mountinfo: string): Mount[] =>
  mountinfo.split('\n').flatMap((line) => {
    const { device, root, folder, options, type, superOptions } = LINE.exec(line)?.groups ?? {}
    if (!device || !root || !folder || !options || !type || !superOptions) return []
    const readOnly = [options, superOptions].some((list) => list.split(',').includes('ro'))
    return [{ device, root: unescaped(root), folder: unescaped(folder), readOnly, type }]
  })

/** Blanks, tabs, line feeds and backslashes stand there as octal numbers. */
const unescaped = (text: string): string => {
  if (!text.includes('\\')) return text
  const bytes = Buffer.from(text)
  const plain: number[] = []
  for (let at = 0; at < bytes.length; at += 1) {
    const octal = /^\\([0-7]{3})/.exec(bytes.toString('latin1', at, at + 4))?.[1]
    plain.push(octal === undefined ? (bytes[at] ?? 0) : Number.parseInt(octal, 8))
    if (octal !== undefined) at += 3
  }
  return Buffer.from(plain).toString()
}

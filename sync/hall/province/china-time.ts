/** China's one time zone as provinces write it: y M d H m s stand for its parts. */

const CHINA_OFFSET_MS = 8 * 60 * 60 * 1000

const PARTS = /([yMdHms])\1*/g

/** An instant as a wall clock in China shows it. */
export function inChinaTime(at: Date, format: string): string {
  const local = new Date(at.getTime() + CHINA_OFFSET_MS)
  const parts: Record<string, number> = {
    y: local.getUTCFullYear(),
    M: local.getUTCMonth() + 1,
    d: local.getUTCDate(),
    H: local.getUTCHours(),
    m: local.getUTCMinutes(),
    s: local.getUTCSeconds(),
  }
  return format.replace(PARTS, (run, letter: string) => String(parts[letter]).padStart(run.length, '0'))
}

/** The other way round; null when `text` is no such time, or a day that does not exist. */
export function fromChinaTime(text: string, format: string): Date | null {
  const letters: string[] = []
  const pattern = format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(PARTS, (run, letter: string) => {
    letters.push(letter)
    return `(\\d{${run.length}})`
  })
  const found = new RegExp(`^${pattern}$`).exec(text)
  if (found === null) return null
  const part = (letter: string): number => Number(found[letters.indexOf(letter) + 1] ?? 0)
  const wall = Date.UTC(part('y'), part('M') - 1, part('d'), part('H'), part('m'), part('s'))
  const at = new Date(wall - CHINA_OFFSET_MS)
  return inChinaTime(at, format) === text ? at : null
}

import type { Hall } from '../../../device/http/contract.ts'

type HallWindow = Hall['windows'][number]

export interface Instead {
  name: string
  nameEnglish: string
  floor: string
  windows: HallWindow[]
}

/** As many as can be read at a glance. */
const MOST_WINDOWS = 4

/** The other windows that do the same work, nearest numbers first; null when the hall names none. */
export function insteadOf(hall: Hall | null, window: string | null): Instead | null {
  const here = windowOf(hall, window)
  if (hall === null || here === null) return null
  const distance = (other: HallWindow) => Math.abs(Number(other.window) - Number(here.window)) || 0
  const windows = hall.windows
    .filter((other) => other.name === here.name && other.window !== here.window)
    .toSorted((a, b) => distance(a) - distance(b))
    .slice(0, MOST_WINDOWS)
    .toSorted((a, b) => a.window.localeCompare(b.window))
  if (windows.length === 0) return null
  return { name: here.name, nameEnglish: here.nameEnglish, floor: here.floor, windows }
}

export function windowOf(hall: Hall | null, window: string | null): HallWindow | null {
  return hall?.windows.find((one) => one.window === window) ?? null
}

import type { Hall } from '../../device/http/contract.ts'

/** Answered everywhere in China (政务服务便民热线); named until the hall's own numbers have come. */
export const NATIONAL_HOTLINE = '12345'

export interface HelpPlace {
  name: string
  nameEnglish: string
  /** `9–12`, `19、20` without leading noughts. */
  windows: string
  floor: string
  phone: string
}

/**
 * Where a citizen goes who does not know where to go: halls call their general windows 综合. A hall without one
 * is entered at the first window of its list.
 */
export function generalWindow(hall: Hall): HelpPlace | null {
  const one = hall.windows.find(({ name }) => name.includes('综合')) ?? hall.windows[0]
  if (one === undefined) return null
  const numbers = hall.windows.filter(({ name }) => name === one.name).map(({ window }) => window)
  return { ...one, windows: windowNumbers(numbers) }
}

/** `['09', '10', '11', '12']` → `9–12`; with gaps they are listed. */
export function windowNumbers(windows: string[]): string {
  const plain = windows.map((window) => window.replace(/^0+(?=\d)/, ''))
  const first = plain[0] ?? ''
  const last = plain.at(-1) ?? ''
  const inARow = plain.length > 2 && plain.every((window, index) => Number(window) === Number(first) + index)
  return inARow ? `${first}–${last}` : plain.join('、')
}

/** Where two configurations differ: places such as `peripherals.scanner.port`, never what stands there. */

/** As the chain takes them (`technician` facts): nothing but names of keys and indexes, and not without end. */
const PLACE = /^[a-zA-Z0-9.[\]]{1,80}$/
const PLACES_AT_MOST = 64

/** In the order of the newer one's keys. A part that came or went whole is one place. */
export const changedPlaces = (before: unknown, after: unknown): string[] => {
  const places: string[] = []
  walk(before, after, '', places)
  return [...new Set(places)].filter((place) => PLACE.test(place)).slice(0, PLACES_AT_MOST)
}

export const isSame = (one: unknown, other: unknown): boolean => {
  const places: string[] = []
  walk(one, other, 'all', places)
  return places.length === 0
}

const walk = (before: unknown, after: unknown, at: string, places: string[]): void => {
  if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(after), ...Object.keys(before)]))
      walk(before[key], after[key], at === '' ? key : `${at}.${key}`, places)
  } else if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].some(isRecord)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++)
      walk(before[index], after[index], `${at}[${index}]`, places)
  } else if (Array.isArray(before) && Array.isArray(after)) {
    if (before.length !== after.length || before.some((one, index) => !Object.is(one, after[index])))
      places.push(at)
  } else if (!Object.is(before, after)) places.push(at)
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

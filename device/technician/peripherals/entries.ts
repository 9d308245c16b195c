/** Entries of `peripherals` in device.json: read as they stand, put in, taken out. */
import type { PeripheralName } from '../../http/contract.ts'
import { PERIPHERAL_NAMES } from './tests.ts'

export interface Entry {
  name: PeripheralName
  driver: string
  profile: string | null
  port: string
}

type Json = Record<string, unknown>

/** Of a configuration that has been checked, or as it was written; in the order of this house. */
export const entriesOf = (configuration: unknown): Entry[] => {
  const peripherals = objectOf(objectOf(configuration).peripherals)
  return PERIPHERAL_NAMES.flatMap((name) => {
    const { driver, profile, port } = objectOf(peripherals[name])
    if (typeof driver !== 'string' || typeof port !== 'string') return []
    return [{ name, driver, profile: typeof profile === 'string' ? profile : null, port }]
  })
}

/** What else stands in the entry goes on only where it stays the same kind of thing. */
export const withEntry = (written: unknown, { name, driver, profile, port }: Entry): Json => {
  const whole = objectOf(written)
  const peripherals = objectOf(whole.peripherals)
  const { profile: _, ...before } = objectOf(peripherals[name])
  const kept = before.driver === driver ? before : {}
  const entry = { ...kept, driver, port, ...(profile !== null && { profile }) }
  return { ...whole, peripherals: { ...peripherals, [name]: entry } }
}

export const withoutEntry = (written: unknown, name: PeripheralName): Json => {
  const whole = objectOf(written)
  const { [name]: _, ...peripherals } = objectOf(whole.peripherals)
  return { ...whole, peripherals }
}

export const sameEntry = (one: Entry, other: Entry): boolean =>
  one.name === other.name &&
  one.driver === other.driver &&
  one.profile === other.profile &&
  one.port === other.port

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

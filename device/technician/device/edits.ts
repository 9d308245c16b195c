/** Edits of device.json as it was written: what is not edited stays as it is, secrets and all. */

export const WINDOW_PART = 'window'

/** For whichever systems and clerks come later; without a token it is the clerks' page alone. */
const PAD_WINDOW = { listen: '0.0.0.0:8025', tokens: [] } as const

type Json = Record<string, unknown>

export interface Edit {
  name?: string
  hall?: { url: string; enrolmentCode: string | null }
  /** PEM, with which authority alone the hall is trusted. */
  ca?: string
  role?: 'terminal' | 'pad'
  /** With `role`. */
  window?: string | null
  diagonalInches?: number
}

/** The first one there is, from what the first run has gathered. */
export const firstConfiguration = (of: {
  role: 'terminal' | 'pad'
  name: string
  window: string | null
  url: string
  enrolmentCode: string | null
  /** PEM; null: the system's authorities. */
  ca: string | null
  /** `HOST:PORT` of the screen. */
  listen: string
  diagonalInches: number | null
}): Json => ({
  role: of.role,
  device: { name: of.name, ...(of.window !== null && { window: of.window }) },
  screen: {
    listen: of.listen,
    ...(of.diagonalInches !== null && { diagonalInches: of.diagonalInches }),
  },
  ...(of.role === 'pad' && { [WINDOW_PART]: PAD_WINDOW }),
  hall: { url: of.url, enrolmentCode: of.enrolmentCode, ...(of.ca !== null && { ca: of.ca }) },
  peripherals: {},
})

/** @param written device.json, which has been checked before */
export const changed = (written: unknown, edit: Edit): Json => {
  let next = objectOf(written)
  const merge = (part: string, values: Json): void => {
    next = { ...next, [part]: { ...objectOf(next[part]), ...values } }
  }
  if (edit.name !== undefined) merge('device', { name: edit.name })
  if (edit.hall !== undefined) merge('hall', edit.hall)
  if (edit.ca !== undefined) merge('hall', { ca: edit.ca })
  if (edit.diagonalInches !== undefined) merge('screen', { diagonalInches: edit.diagonalInches })
  if (edit.role !== undefined) next = asRole(next, edit.role, edit.window ?? null)
  return next
}

/** What only the other role has is taken out: a configuration with it would be refused. */
const asRole = (written: Json, role: 'terminal' | 'pad', window: string | null): Json => {
  const { services, [WINDOW_PART]: windowPart, ...rest } = written
  const { window: _, ...device } = objectOf(written.device)
  const { keypad, ...peripherals } = objectOf(written.peripherals)
  const next = { ...rest, role, device: { ...device, ...(window !== null && { window }) } }
  if (role === 'terminal') {
    return { ...next, ...(services !== undefined && { services }), peripherals }
  }
  return {
    ...next,
    [WINDOW_PART]: windowPart ?? PAD_WINDOW,
    peripherals: { ...peripherals, ...(keypad !== undefined && { keypad }) },
  }
}

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

/** One line of a check: what was looked at, whether it is in order, and what there is to tell of it. */
export type CheckCode =
  // Network, in the order of the way to the hall.
  | 'addresses'
  | 'no-address'
  | 'route'
  | 'no-route'
  | 'name'
  | 'name-unknown'
  | 'name-silent'
  | 'port'
  | 'port-refused'
  | 'port-silent'
  | 'port-unreachable'
  | 'hall'
  | 'hall-slow'
  | 'hall-silent'
  | 'hall-cut'
  | 'hall-portal'
  | 'hall-proxy'
  | 'hall-certificate'
  | 'hall-dates'
  | 'hall-trouble'
  | 'hall-stranger'
  | 'no-hall'
  // Clock.
  | 'now'
  | 'now-implausible'
  | 'offset'
  | 'offset-unknown'
  | 'time-service'
  | 'time-service-waits'
  | 'time-service-off'
  | 'time-service-none'
  | 'zone'
  | 'zone-other'
  // Storage.
  | 'free'
  | 'free-low'
  | 'disk-unreadable'
  | 'file-system'
  | 'file-system-unfit'
  | 'read-only'
  | 'write'
  | 'write-slow'
  | 'write-failed'
  | 'life'
  | 'life-ending'
  | 'life-unknown'
  | 'disk-failing'

export interface CheckLine {
  code: CheckCode
  good: boolean
  facts: Record<string, string>
}

export const good = (code: CheckCode, facts: Record<string, string> = {}): CheckLine => ({
  code,
  good: true,
  facts,
})

export const bad = (code: CheckCode, facts: Record<string, string> = {}): CheckLine => ({
  code,
  good: false,
  facts,
})

/** A whole check is done in 5 s; what it asks outside is given up before, so that the rest is told all the same. */
export const STEP_WITHIN_MS = 4_000

/** The answer, or what stands for none in time; what is late is let go on by itself. */
export const within = async <T, U>(work: Promise<T>, late: U, ms = STEP_WITHIN_MS): Promise<T | U> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<U>((resolve) => {
    timer = setTimeout(() => resolve(late), ms)
  })
  work.catch(() => {})
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}

/** The system's code of an error, or of what caused it. */
export const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause instanceof Error ? codeOf(error.cause) : error.name
}

/** The clock: what it says, how far from the hall, and who keeps it right. */
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import { isPlausible, OFF_FROM_MS } from '../judge-machine.ts'
import { askHall, type HallAddress } from './ask-hall.ts'
import { bad, type CheckLine, good } from './line.ts'
import { ask } from './program.ts'

/** Halls, their papers and their deadlines live by China Standard Time, all over the country. */
const CHINA_OFFSET_MINUTES = 480

export interface ClockSubject {
  /** Null: none is configured yet. */
  hall: HallAddress | null
  /** What is known of it from earlier answers (hall − device), when it does not answer now; null for nothing. */
  knownOffsetMs: number | null
  now?: () => Date
  /** Where programs are looked for, as the environment's PATH. */
  path?: string | undefined
}

export const checkClock = async (subject: ClockSubject): Promise<CheckLine[]> => {
  const { now = () => new Date(), path = process.env.PATH } = subject
  const [offset, service] = await Promise.all([offsetLine(subject), serviceLine(path)])
  return [nowLine(now()), offset, service, zoneLine(now())]
}

const nowLine = (now: Date): CheckLine => {
  const facts = { now: formatInstant(now), year: String(now.getFullYear()) }
  return isPlausible(now) ? good('now', facts) : bad('now-implausible', facts)
}

const offsetLine = async ({ hall, knownOffsetMs }: ClockSubject): Promise<CheckLine> => {
  const heard = hall === null ? null : await askHall(hall)
  const offsetMs = heard?.heard === 'hall' ? heard.offsetMs : knownOffsetMs
  if (offsetMs === null) return bad('offset-unknown')
  const facts = { offsetMs: String(offsetMs) }
  return Math.abs(offsetMs) < OFF_FROM_MS ? good('offset', facts) : bad('offset', facts)
}

const serviceLine = async (path: string | undefined): Promise<CheckLine> => {
  const shown = await ask('timedatectl', ['show'], path)
  if (shown !== null) {
    const says = new Map(shown.split('\n').map((line) => line.split('=', 2) as [string, string]))
    const service = { name: 'timedatectl' }
    if (says.get('NTPSynchronized') === 'yes') return good('time-service', service)
    // Another service than systemd's may be the one that keeps it: then chronyc knows better.
    const other = await chronyLine(path)
    if (other !== null) return other
    if (says.get('NTP') === 'yes') return bad('time-service-waits', service)
    if (says.has('NTP')) return bad('time-service-off', service)
  }
  return (await chronyLine(path)) ?? bad('time-service-none')
}

const chronyLine = async (path: string | undefined): Promise<CheckLine | null> => {
  const tracking = await ask('chronyc', ['-n', 'tracking'], path)
  const leap = /^Leap status\s*:\s*(.+)$/m.exec(tracking ?? '')?.[1]
  if (leap === undefined) return null
  return leap === 'Not synchronised'
    ? bad('time-service-waits', { name: 'chronyd' })
    : good('time-service', { name: 'chronyd' })
}

const zoneLine = (now: Date): CheckLine => {
  const offset = -now.getTimezoneOffset()
  const facts = { zone: Intl.DateTimeFormat().resolvedOptions().timeZone, at: formatInstant(now).slice(-6) }
  return offset === CHINA_OFFSET_MINUTES ? good('zone', facts) : bad('zone-other', facts)
}

/** Appointments of the demonstration hall: one for every half hour and type, its code YY + type + time: YYA1030. */
import type { OpenSpan } from '../../protocol/hall-hours.ts'
import { hallMoment } from '../case-system/hall-time.ts'
import type { DemoTicket } from '../store/demo-hall.ts'

const MINUTE_MS = 60 * 1000
/** Who comes earlier takes a number for the time between; who comes later than this has lost the appointment. */
const EARLY_MS = 30 * MINUTE_MS
const LATE_MS = 15 * MINUTE_MS

const CODE = /^YY([A-Z])([01]\d|2[0-3])([03]0)$/

export type AppointmentFound = { ok: true; appointment: string } | { ok: false; code: string; words: string }

export function appointmentAt(
  typed: string,
  {
    businessType,
    date,
    spans,
    now,
    before,
  }: {
    businessType: string
    date: string
    spans: readonly OpenSpan[]
    now: Date
    before: readonly DemoTicket[]
  },
): AppointmentFound {
  const code = typed.toUpperCase()
  const [, type, hour, minute] = CODE.exec(code) ?? []
  const time = `${hour}:${minute}`
  if (!spans.some(({ opens, closes }) => opens <= time && time < closes))
    return no('no-appointment', '没有这个预约号，请核对，或者直接取号。')
  if (type !== businessType) return no('other-business', '这个预约是别的业务的，请选预约的业务取号。')
  const at = hallMoment(date, time).getTime()
  if (now.getTime() < at - EARLY_MS) return no('too-early', `预约的是今天${time}，请在前30分钟内来取号。`)
  if (now.getTime() > at + LATE_MS) return no('too-late', `预约的是今天${time}，已经过了15分钟，请直接取号。`)
  if (before.some(({ appointment }) => appointment === code))
    return no('appointment-used', '这个预约已经取过号了。')
  return { ok: true, appointment: code }
}

function no(code: string, words: string): AppointmentFound {
  return { ok: false, code, words }
}

/** What the device's side of the line has met, kept for whoever asks how it stands with the hall. */
import type { RefreshResult } from '../../sync/downlink.ts'
import type { EventLineStatus } from '../../sync/event-line.ts'
import type { DeviceAlarm, StatusAnswer } from '../../sync/protocol/devices.ts'
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import type { UplinkStatus } from '../../sync/uplink.ts'
import type { HallView } from './snapshot.ts'

export interface HallNotes {
  lineTurned(): void
  answered(answer: StatusAnswer): void
  /** `reason`: the hall's code, null when it did not answer. */
  notEnrolled(reason: string | null): void
  view(now: {
    enrolled: boolean
    hasCode: boolean
    line: EventLineStatus
    uplink: UplinkStatus | null
    contentVersion: string | null
    lastRefresh: RefreshResult | null
  }): HallView
}

export const createHallNotes = (): HallNotes => {
  let lineSince = formatInstant(new Date())
  let alarms: readonly DeviceAlarm[] = []
  /** Undefined before the hall has told it. */
  let wanted: string | null | undefined
  let refusedBy: string | null = null

  const enrolmentOf = (enrolled: boolean, hasCode: boolean): HallView['enrolment'] => {
    if (enrolled) return { state: 'enrolled' }
    if (!hasCode) return { state: 'no-code' }
    return refusedBy === null ? { state: 'asking' } : { state: 'refused', reason: refusedBy }
  }

  return {
    lineTurned() {
      lineSince = formatInstant(new Date())
    },
    answered(answer) {
      alarms = answer.alarms ?? []
      wanted = answer.content
    },
    notEnrolled(reason) {
      refusedBy = reason
    },
    view({ enrolled, hasCode, line, uplink, contentVersion, lastRefresh }) {
      const behind = wanted !== undefined && wanted !== null && wanted !== contentVersion
      const reason = lastRefresh?.ok === false ? lastRefresh.code : 'fetching'
      return {
        enrolment: enrolmentOf(enrolled, hasCode),
        line: { up: line.line === 'up', since: lineSince, reason: line.reason },
        uplink,
        alarms,
        contentBehind: behind ? { reason } : null,
      }
    },
  }
}

/** By when a report of an unresolved matter is answered and called back (DOMAIN.md §3.2), in the hall's working days. */
import type { Calendar } from './content.ts'
import { type Deadline, workingDeadline } from './working-days.ts'

/** How many offices a report needs; the first is told at the window at once. */
export type ReportKind = 'now' | 'ordinary' | 'several-offices'

const ANSWER_WORKING_DAYS: Readonly<Record<ReportKind, number>> = {
  now: 0,
  ordinary: 1,
  'several-offices': 3,
}

/** After closing, with the citizen's satisfaction. */
const CALL_BACK_WORKING_DAYS = 1

/** @param reportedOn YYYY-MM-DD at the hall; a report of a day that is not worked counts as of that day */
export function reportAnswerBy(
  kind: ReportKind,
  reportedOn: string,
  calendars: readonly Calendar[],
): Deadline {
  return workingDeadline(reportedOn, ANSWER_WORKING_DAYS[kind], calendars)
}

/** @param closedOn YYYY-MM-DD at the hall */
export function callBackBy(closedOn: string, calendars: readonly Calendar[]): Deadline {
  return workingDeadline(closedOn, CALL_BACK_WORKING_DAYS, calendars)
}

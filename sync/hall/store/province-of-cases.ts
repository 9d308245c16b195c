/** What is known here of the ratings of some cases, for whoever asks whether one is still to be had. */
import type { ReportRow } from './province-report.ts'
import type { Sql } from './sql.ts'

/** Of one person; more are asked for in turns. */
const CASES_AT_ONCE = 100

/** The first service of each alone: a terminal asks after no other. Looked up are those that a province is told of. */
export async function ratingsOfCases(
  sql: Sql,
  columns: string,
  caseNos: readonly string[],
): Promise<ReportRow[]> {
  const rows: ReportRow[] = []
  for (let from = 0; from < caseNos.length; from += CASES_AT_ONCE) {
    const asked = caseNos.slice(from, from + CASES_AT_ONCE)
    rows.push(
      ...(await sql.all<ReportRow>(
        `SELECT ${columns} FROM province_reports
         WHERE case_no IN (${asked.map(() => '?').join(', ')}) AND taken_up_at IS NOT NULL AND service_number = 1
         ORDER BY case_no, assess_number, received_at, device_id, epoch, sequence`,
        ...asked,
      )),
    )
  }
  return rows
}

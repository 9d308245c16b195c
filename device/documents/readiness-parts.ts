/** What stands in a readiness report, in words already: what was proved on a device before it is handed over. */
import { z } from 'zod'

const Line = z.string().min(1).max(300)

const ReadinessRow = z.strictObject({
  label: Line,
  value: Line,
  /** What is not as it should be stands out without colour. */
  isOpen: z.boolean(),
})

export const ReadinessReport = z.strictObject({
  /** Counted on this device. */
  number: z.int().min(1),
  deviceName: Line,
  isReady: z.boolean(),
  /** Why it is not ready; empty where it is. */
  open: z.array(Line).max(60),
  parts: z
    .array(
      z.strictObject({
        title: Line,
        titleEnglish: Line,
        rows: z.array(ReadinessRow).min(1).max(40),
      }),
    )
    .max(12),
})
export type ReadinessReport = z.infer<typeof ReadinessReport>
export type ReadinessPart = ReadinessReport['parts'][number]

export const REPORT_TITLE = '设备就绪报告'
export const REPORT_TITLE_ENGLISH = 'Readiness report'

export const numberOf = ({ number }: Pick<ReadinessReport, 'number'>): string =>
  `第 ${String(number).padStart(4, '0')} 号`

export const verdictOf = ({ isReady }: Pick<ReadinessReport, 'isReady'>): string =>
  isReady ? '可以交付 Ready' : '还不能交付 Not ready'

/** Whoever signs has seen it; a name is written by hand and never known to the device. */
export const SIGNATURES = ['技术员 Technician', '大厅 Hall', '日期 Date'] as const

/** What stands on the technician's test page. */
import { z } from 'zod'

const Line = z.string().min(1).max(100)

export const TestSheet = z.strictObject({
  /** Which device printed it. */
  deviceName: Line,
  software: Line,
  /** Drawn as Code 128 and as QR code. */
  code: z.string().regex(/^[0-9A-Z]{1,32}$/),
})
export type TestSheet = z.infer<typeof TestSheet>

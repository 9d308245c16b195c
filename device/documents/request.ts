import { z } from 'zod'
import { PaperForm, PaperKind } from '../../sync/protocol/cases.ts'
import { Guide, Hall } from '../../sync/protocol/content.ts'
import { OneTimeNotice } from './one-time-notice.ts'
import { ReadinessReport } from './readiness-parts.ts'
import { Slip } from './slips.ts'
import { TestSheet } from './test-sheet-parts.ts'

/** In an English session the paper says in English what it is and that it is in Chinese. */
const language = z.enum(['zh', 'en']).optional()

/** What the worker is asked for. */
export const DocumentRequest = z.discriminatedUnion('paper', [
  z.strictObject({ paper: z.literal('guide'), guide: Guide, hall: Hall, printedAt: z.date(), language }),
  z.strictObject({
    paper: z.literal('case'),
    // A result is its issuer's own PDF; Code 128 and QR carry the bare number.
    form: PaperForm.extend({ caseNo: z.string().regex(/^[0-9A-Za-z]{1,50}$/) }),
    kind: PaperKind.exclude(['result']),
    hall: Hall,
    printedAt: z.date(),
  }),
  z.strictObject({
    paper: z.literal('one-time-notice'),
    notice: OneTimeNotice,
    hall: Hall,
    printedAt: z.date(),
    language,
  }),
  z.strictObject({ paper: z.literal('slip'), slip: Slip, hall: Hall, printedAt: z.date() }),
  z.strictObject({ paper: z.literal('readiness'), report: ReadinessReport, printedAt: z.date() }),
  z.strictObject({ paper: z.literal('test'), test: TestSheet, printedAt: z.date() }),
])
export type DocumentRequest = z.infer<typeof DocumentRequest>

/**
 * About twenty full pages: the longest guide in use has under 2,000 characters, and a paper beyond this is a fault
 * or an attack that would empty the tray.
 */
const CHARACTERS_MAXIMUM = 20_000

/**
 * The request, checked. @throws DocumentsError `invalid`, naming the fields at fault and never their values, which
 * may be a person's.
 */
export function checkRequest(request: unknown): DocumentRequest {
  const checked = DocumentRequest.safeParse(request)
  if (!checked.success) {
    const paths = checked.error.issues.map((issue) => issue.path.join('.'))
    throw new DocumentsError('invalid', `the paper cannot be laid out; wrong fields: ${paths.join(', ')}`)
  }
  const length = characters(checked.data)
  if (length > CHARACTERS_MAXIMUM) {
    throw new DocumentsError(
      'invalid',
      `the paper has ${length} characters; at most ${CHARACTERS_MAXIMUM} are set`,
    )
  }
  return checked.data
}

function characters(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce((sum: number, part) => sum + characters(part), 0)
}

/** `worker`: it died or went silent, and the next request gets a new one. `closed`: asked after `close()`. */
export type DocumentsErrorCode = 'invalid' | 'worker' | 'closed'

export class DocumentsError extends Error {
  readonly code: DocumentsErrorCode

  constructor(code: DocumentsErrorCode, message: string) {
    super(message)
    this.name = 'DocumentsError'
    this.code = code
  }
}

/**
 * 一次性告知书: everything an item needs, told once, on asking (DOMAIN.md §1). It is made from the guide alone, so that
 * it says the same at a terminal, at a window and before anything is handed in; a check code of the guide's whole
 * content shows whether two of them do.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalText } from '../../sync/protocol/canonical.ts'
import { CaseNo } from '../../sync/protocol/case-number.ts'
import { Guide, type Hall } from '../../sync/protocol/content.ts'
import { Instant } from '../../sync/protocol/identifiers.ts'
import { chineseDate } from './words.ts'

const Text = z.string().min(1).max(400)

/** What a case adds to the guide: whose it is, and why it cannot go on as it stands. */
export const ToldInCase = z.strictObject({
  caseNo: CaseNo,
  documentNumber: Text.nullable(),
  applicantMasked: Text,
  phoneMasked: Text.nullable(),
  missing: z.array(z.strictObject({ material: Text, reason: Text })).max(50),
  reasons: z.array(Text).max(20),
  /** What would make it acceptable, or the right place instead. */
  remedy: Text.nullable(),
  issuedBy: Text,
  issuedAt: Instant,
})
export type ToldInCase = z.infer<typeof ToldInCase>

/** `told` is null where nothing has been handed in: at a terminal always. */
export const OneTimeNotice = z.strictObject({ guide: Guide, told: ToldInCase.nullable() })
export type OneTimeNotice = z.infer<typeof OneTimeNotice>

export const ONE_TIME_TITLE = '一次性告知书'

/** Crockford's base 32, as in other codes that are read aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CHECK_CHARACTERS = 8

/** `2026.11 · 7K3M 9QTD`: the guide's version, and 40 bits of a digest over everything that it says. */
export function printVersion(guide: Guide): string {
  const digest = createHash('sha256').update(canonicalText(guide)).digest()
  const characters = Array.from(digest.subarray(0, CHECK_CHARACTERS), (byte) => ALPHABET[byte % 32])
  const check = characters.join('')
  return `${guide.version} · ${check.slice(0, 4)} ${check.slice(4)}`
}

/** The office's number where a case has one; the item's and the version's where it is the guide that is told. */
export function noticeNumber({ guide, told }: OneTimeNotice): string {
  return (
    told?.documentNumber ?? `一次性告知〔${guide.version.slice(0, 4)}〕${guide.baseCode}-${guide.version}号`
  )
}

/** What is said before the lists begin. */
export function noticeStatements({ guide, told }: OneTimeNotice): string[] {
  const lists = '办理条件、要准备的材料、办理流程、时限和收费，一次告知如下。'
  const same = '在窗口、自助终端告知的内容都以本版为准；版本后的校验码相同，内容就相同。'
  if (told === null) return [`您问的“${guide.name}”，${lists}${same}`]
  const date = chineseDate(new Date(told.issuedAt))
  const reasons =
    told.reasons.length === 1 ? told.reasons : told.reasons.map((one, at) => `${at + 1}. ${one}`)
  const [first, ...others] = reasons
  return [
    `您申请的“${guide.name}”，我们于${date}核对了材料，${lists}${same}`,
    ...(first === undefined ? [] : [`现在还不能办的理由：${first}`, ...others]),
    ...(told.missing.length === 0 ? [] : [`还差下面${told.missing.length}样：`]),
    ...told.missing.map(({ material, reason }, at) => `${at + 1}. ${material}：${reason}。`),
    ...(told.remedy === null ? [] : [`怎样就能办：${told.remedy}`]),
  ]
}

export function noticeObjection(guide: Guide, hall: Hall): string {
  return `对告知的内容有异议，或者被要求提供告知书以外的材料的，可以拨打${guide.complaintPhone}投诉，也可以向监督电话${hall.disciplinePhone}反映。`
}

/** Who tells it: the clerk of a case, otherwise the machine. */
export function noticeIssuer({ told }: OneTimeNotice, hall: Hall): string {
  return told?.issuedBy ?? `${hall.area}自助终端`
}

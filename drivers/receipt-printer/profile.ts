import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** What differs from model to model: data, so that a new printer needs no new code. */
const profileSchema = z.strictObject({
  /** Shown to the technician. */
  title: z.string().min(1),
  paperMillimetres: z.union([z.literal(58), z.literal(80)]),
  /** Printable dots in a row, 8 a millimetre. */
  dots: z.union([z.literal(384), z.literal(512), z.literal(576)]),
  /** Half-width cells in a line of font A, 12 dots each. */
  columns: z.int().positive(),
  /** What its own font holds (characters.ts); everything else is drawn. */
  font: z.enum(['ascii', 'gb2312', 'gbk', 'gb18030']),
  /** The slowest speed its serial side is set to, for waits where a device server hides the speed. */
  baud: z.int().positive(),
  /** The slowest that its paper moves while printing. */
  millimetresPerSecond: z.int().positive(),
  /** Whether `1D 28 48` is answered when all is on paper. */
  printDone: z.boolean(),
  /** Whether `1D 72` may be sent: printers that do not know it print an r or stay silent. */
  marker: z.boolean(),
  cut: z.enum(['partial', 'full', 'none']),
})

const profilesSchema = z
  .record(z.string(), profileSchema)
  .refine((profiles) => Object.values(profiles).every((one) => one.columns * 12 <= one.dots), {
    message: 'a line of 12-dot cells is wider than the paper',
  })

export type ReceiptPrinterProfile = z.infer<typeof profileSchema>

const FILE = new URL('../profiles/receipt-printers.json', import.meta.url)

/** Checked when it is loaded: a wrong profile is a defect of this program, not of a device. */
const PROFILES = profilesSchema.parse(JSON.parse(readFileSync(FILE, 'utf8')))

export const RECEIPT_PRINTER_PROFILES: readonly string[] = Object.keys(PROFILES)

export function receiptPrinterProfile(name: string): ReceiptPrinterProfile | undefined {
  return Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined
}

import { create as createQr } from 'qrcode'
import { encodeCode128, moduleDots } from './code128.ts'
import * as escpos from './escpos.ts'
import { LINE_DOTS } from './line-style.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import type { Tape } from './tape.ts'

/** Above and below a rule, bars and QR codes. */
export const GAP_DOTS = 12

/** 10 mm: high enough for a hand-held scanner at any angle. */
const BARCODE_DOTS = 80
/** Nothing printed around a QR code for so many modules (ISO/IEC 18004); the paper's margins are that at its sides. */
const QUIET_MODULES = 4
/** A QR code of about 30 mm is scanned from a phone's usual distance. */
const QR_DOTS = 240
const QR_MODULE_DOTS = [8, 7, 6, 5, 4, 3]

/** Code 128 with the text below; false, and nothing on the tape, when the bars do not fit or the value has none. */
export function encodeBarcode(value: string, profile: ReceiptPrinterProfile, tape: Tape): boolean {
  const code = encodeCode128(value)
  const module = code === undefined ? undefined : moduleDots(code.modules, profile.dots)
  if (code === undefined || module === undefined) return false
  const [height, width, text, bars] = escpos.code128(code.data, module, BARCODE_DOTS)
  tape.print(escpos.feedDots(GAP_DOTS), GAP_DOTS)
  tape.set(escpos.align('centre'), height, width, text)
  tape.print(bars, BARCODE_DOTS + LINE_DOTS)
  tape.set(escpos.align('left'))
  tape.print(escpos.feedDots(GAP_DOTS), GAP_DOTS)
  return true
}

/** A QR code of the value as it is; false, and nothing on the tape, when the paper has no room for it. */
export function encodeQr(value: string, profile: ReceiptPrinterProfile, tape: Tape): boolean {
  // Controls cannot be typed into any address, and two of them would be a command to the printer.
  const data = new TextEncoder().encode(value.toWellFormed().replace(/\p{Cc}/gu, ''))
  const size = qrModules(data)
  if (size === undefined) return false
  const wanted = QR_MODULE_DOTS.find((dots) => size * dots <= QR_DOTS)
  const module = wanted ?? QR_MODULE_DOTS.findLast((dots) => size * dots <= profile.dots)
  if (module === undefined) return false
  const commands = escpos.qr(data, module)
  const quiet = Math.max(QUIET_MODULES * module, GAP_DOTS)
  tape.print(escpos.feedDots(quiet), quiet)
  tape.set(escpos.align('centre'), ...commands.slice(0, -1))
  for (const command of commands.slice(-1)) tape.print(command, size * module)
  tape.set(escpos.align('left'))
  tape.print(escpos.feedDots(quiet), quiet)
  return true
}

/** The printer chooses the version itself; bytes mode is the largest that it can come to. */
function qrModules(data: Uint8Array): number | undefined {
  if (data.length === 0 || data.length > escpos.MAX_QR_BYTES) return undefined
  // Any mask has this size, and to look for the best one takes longer than all the rest of a receipt.
  return createQr([{ data, mode: 'byte' }], { errorCorrectionLevel: 'M', maskPattern: 0 }).modules.size
}

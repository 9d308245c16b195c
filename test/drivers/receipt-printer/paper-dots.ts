import { PNG } from 'pngjs'
import type { ReceiptDocument } from '../../../drivers/receipt-printer/document.ts'
import { Dots } from '../../../drivers/receipt-printer/dots.ts'
import { encodeDocument } from '../../../drivers/receipt-printer/encode-document.ts'
import { receiptPrinterProfile } from '../../../drivers/receipt-printer/profile.ts'
import { type Command, EscposLexer } from '../../../drivers/simulators/escpos-lexer.ts'
import { Printing } from '../../../drivers/simulators/printing.ts'

/** Blank rows between the print head and the knife. */
export const TOP_DOTS = 80

export interface Sheet {
  commands: Command[]
  /** What a strict printer had to complain about. */
  errors: string[]
  /** The printed width, without margins. */
  dots: Dots
  png: Buffer
}

/** A document on paper, through its bytes. */
export function onPaper(document: ReceiptDocument, profileName = 'generic-80'): Sheet {
  const profile = receiptPrinterProfile(profileName)
  if (profile === undefined) throw new Error(profileName)
  const errors: string[] = []
  const lexer = new EscposLexer((error) => errors.push(error))
  let png: Buffer = Buffer.alloc(0)
  const printing = new Printing(profile, {
    misuse: (error) => errors.push(error),
    finished: (paper) => {
      png = paper.png(0).png
    },
  })
  const commands = encodeDocument(document, profile).commands.flatMap(({ bytes }) =>
    lexer.push(bytes).map(({ command }) => command),
  )
  for (const command of commands) printing.execute(command)
  if (png.length === 0) printing.tearOff()
  const image = PNG.sync.read(png)
  const dots = new Dots(image.width, image.height)
  for (let at = 0; at < dots.data.length; at += 1) dots.data[at] = (image.data[at * 4] ?? 255) < 128 ? 1 : 0
  return { commands, errors, dots, png }
}

/** A part of a picture as text, for messages that can be looked at. */
export function part(dots: Dots, x: number, y: number, width: number, height: number): string {
  const rows = Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => (dots.at(x + column, y + row) === 1 ? '#' : '.')).join(''),
  )
  return rows.join('\n')
}

export function whole(dots: Dots): string {
  return part(dots, 0, 0, dots.width, dots.height)
}

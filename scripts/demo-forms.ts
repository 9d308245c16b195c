/** Writes the blank forms of the demonstration hall anew: `node scripts/run.js scripts/demo-forms.ts`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demoForms } from './demo-forms/forms.ts'
import { formPdf } from './demo-forms/sheet.ts'
import { root } from './runtime.js'

const FOLDER = 'sync/hall/demo/forms'
/** Fixed, so that the same form is the same bytes. */
const MADE = new Date('2026-11-01T00:00:00Z')

for (const { name, titleEnglish, itemCodes, sheet } of demoForms) {
  const told = { title: sheet.title, titleEnglish, itemCodes }
  const path = join(root, FOLDER, name)
  const pdf = await formPdf(sheet, MADE)
  writeFileSync(`${path}.json`, `${JSON.stringify(told, null, 2)}\n`)
  writeFileSync(`${path}.pdf`, pdf)
  console.log(`${FOLDER}/${name}.pdf, ${(pdf.byteLength / 1000).toFixed(0)} kB`)
}

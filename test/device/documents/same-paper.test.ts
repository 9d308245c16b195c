/** Faces are opened once for all papers: what one paper does with a character is not seen on another. */
import { expect, test } from 'vitest'
import { openFaces } from '../../../device/documents/faces.ts'
import { setGuide } from '../../../device/documents/guide-sheet.ts'
import { guideNamed, hall, printedAt } from './papers.ts'

test('the same guide is the same paper, byte for byte, whatever was set before it', async () => {
  const faces = openFaces()
  const pdfOf = async (name: string) => {
    const { pdf } = await setGuide(faces, guideNamed(name), hall, printedAt)
    return Buffer.from(pdf)
  }
  const first = await pdfOf('存量房转移登记')
  await pdfOf('普通护照申领')

  expect(first.equals(await pdfOf('存量房转移登记'))).toBe(true)
})

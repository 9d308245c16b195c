import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as fontkit from 'fontkit'
import { expect, test } from 'vitest'
import { FontFile } from '../../../device/documents/font-file.ts'
import { componentPlaces, isComposite } from '../../../device/documents/outlines.ts'

const NOTO = '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'
const bytes = readFileSync(fileURLToPath(import.meta.resolve(NOTO)))
const font = opened(bytes)

function opened(file: Uint8Array): fontkit.Font {
  const one = fontkit.create(Buffer.from(file))
  if (!('layout' in one)) throw new Error('a collection')
  return one
}

/** Half the grid that outlines are laid on. */
const UNITS_MOVED_MAXIMUM = 2

function subsetOf(text: string): { subset: fontkit.Font; numbers: { from: number; to: number }[] } {
  const making = new FontFile(bytes).subset()
  const numbers = [...text].map((character) => {
    const from = font.glyphForCodePoint(character.codePointAt(0) ?? 0).id
    return { from, to: making.includeGlyph(from) }
  })
  return { subset: opened(making.encode()), numbers }
}

const TEXT = '一次性告知书办事指南䶮㛃𬭎𠅤·龦A012 gjé“”，。'

test('every character of a subset is as wide as in the font, and no point of it has moved more than the grid', () => {
  const { subset, numbers } = subsetOf(TEXT)
  for (const { from, to } of numbers) {
    const [original, copy] = [font.getGlyph(from), subset.getGlyph(to)]
    expect(copy.advanceWidth).toBe(original.advanceWidth)
    const [before, after] = [original.path.commands, copy.path.commands]
    expect(after.map(({ command }) => command)).toEqual(before.map(({ command }) => command))
    for (const [index, { args }] of before.entries()) {
      for (const [at, value] of args.entries()) {
        expect(Math.abs((after[index]?.args[at] ?? Number.NaN) - value)).toBeLessThanOrEqual(
          UNITS_MOVED_MAXIMUM,
        )
      }
    }
  }
})

test('the same character twice is in a subset once, and what is missing is glyph 0', () => {
  const making = new FontFile(bytes).subset()
  expect([making.includeGlyph(0), making.includeGlyph(500), making.includeGlyph(500)]).toEqual([0, 1, 1])
  expect(opened(making.encode()).numGlyphs).toBe(2)
})

test('a subset of more characters than short offsets reach is whole', () => {
  const making = new FontFile(bytes).subset()
  for (let glyph = 1; glyph <= 2000; glyph += 1) making.includeGlyph(glyph)
  const encoded = making.encode()
  expect(encoded.length).toBeGreaterThan(2 * 0xffff)
  expect(opened(encoded).getGlyph(1999).advanceWidth).toBe(font.getGlyph(1999).advanceWidth)
})

test('the numbers in a glyph made of others are found, with every sort of arguments', () => {
  const word = (value: number) => [(value >> 8) & 0xff, value & 0xff]
  const glyph = Buffer.from([
    ...word(-1),
    ...[0, 0, 0, 0].flatMap(word),
    ...word(0x0021),
    ...word(7),
    ...[0, 0, 0, 0],
    ...word(0x0028),
    ...word(8),
    ...[0, 0, 0, 0],
    ...word(0x0080),
    ...word(9),
    ...Array.from({ length: 10 }, () => 0),
  ])
  expect(isComposite(glyph)).toBe(true)
  expect([...componentPlaces(glyph)].map((at) => glyph.readUInt16BE(at))).toEqual([7, 8, 9])
})

test('a file that lacks a table is refused by its name', () => {
  expect(() => new FontFile(Buffer.from(bytes.toString('latin1').replace('hmtx', 'hmty'), 'latin1'))).toThrow(
    /hmtx/,
  )
})

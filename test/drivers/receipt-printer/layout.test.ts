import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  cellsOf,
  cleanText,
  encodeText,
  inPrinterFont,
  textCells,
} from '../../../drivers/receipt-printer/characters.ts'
import { layoutColumns, pad, wrap } from '../../../drivers/receipt-printer/layout.ts'
import { toHex } from '../support.ts'

test('a Chinese character takes two cells, a Latin one one', () => {
  expect(textCells('办件 A12：')).toBe(4 + 1 + 3 + 2)
  expect([...'Müller'].map(cellsOf)).toEqual([1, 1, 1, 1, 1, 1])
  expect(cellsOf('𬭎')).toBe(2)
})

test('Chinese breaks anywhere, words only at spaces', () => {
  expect(wrap('请于五个工作日后领取', 8)).toEqual(['请于五个', '工作日后', '领取'])
  expect(wrap('keep this receipt', 10)).toEqual(['keep this', 'receipt'])
  expect(wrap('到 window 十二', 8)).toEqual(['到', 'window', '十二'])
})

test('a word longer than the line is broken', () => {
  expect(wrap('ABCDEFGHIJ', 4)).toEqual(['ABCD', 'EFGH', 'IJ'])
})

test('no line begins with a closing sign or ends with an opening one', () => {
  expect(wrap('一二三四，五六', 8)).toEqual(['一二三', '四，五六'])
  expect(wrap('一二三（四五）', 8)).toEqual(['一二三', '（四五）'])
})

test('a number is not parted from the Chinese character or the ￥ before it', () => {
  expect(wrap('费用 ￥80.00', 8)).toEqual(['费用', '￥80.00'])
  expect(wrap('原件1 复印1', 10)).toEqual(['原件1', '复印1'])
  expect(wrap('请在收到后15日内领取', 10)).toEqual(['请在收到', '后15日内领', '取'])
  expect(wrap('申请表复印（件12', 14)).toEqual(['申请表复印', '（件12'])
})

test('line feeds and empty lines stay', () => {
  expect(wrap('一\n\n二', 8)).toEqual(['一', '', '二'])
})

test('no line is wider than it may be and no character is lost', () => {
  const text = fc.string({ unit: fc.constantFrom(...'办件（，。）a b1-Ü𬭎', 'm\u0304'), maxLength: 80 })
  fc.assert(
    fc.property(text, fc.integer({ min: 4, max: 48 }), (value, cells) => {
      const lines = wrap(value, cells)
      for (const line of lines) expect(textCells(line)).toBeLessThanOrEqual(cells)
      expect(lines.join('').replaceAll(' ', '')).toBe(value.replaceAll(' ', ''))
    }),
    // A word that fills the line but for one character, before a sign that may not begin one.
    { examples: [['Ü1-b。', 4]] },
  )
})

test('text is padded to the left, the middle and the right', () => {
  expect(pad('件', 6, 'left')).toBe('件    ')
  expect(pad('件', 6, 'centre')).toBe('  件  ')
  expect(pad('件', 6, 'right')).toBe('    件')
})

test('columns share the line, each wrapped in its own width, every row exactly as wide as the line', () => {
  const rows = layoutColumns(
    [
      { text: '事项', share: 0.3 },
      { text: '公共场所卫生许可', share: 0.4, bold: true },
      { text: '¥120', share: 0.3, align: 'right' },
    ],
    32,
  )
  const text = rows.map((row) => row.map((segment) => segment.text).join(''))
  expect(rows[0]?.map((segment) => segment.bold)).toEqual([false, true, false])
  for (const row of text) expect(textCells(row)).toBe(32)
  expect(text[0]).toContain('公共场所卫 ')
  expect(text[1]?.trim()).toBe('生许可')
})

test('¥ is sent as ￥, rare characters in their four bytes', () => {
  expect(toHex(encodeText(cleanText('¥')))).toBe('A3A4')
  expect(toHex(encodeText('𬭎'))).toBe('9933A932')
})

test('only characters of GBK are trusted to the printer, and no accented letters', () => {
  expect([...'办A￥，①㎡'].every((one) => inPrinterFont(one, 'gbk'))).toBe(true)
  // 䶮 has two bytes in GB18030 (FE9F) that came after GBK: many fonts lack it.
  expect([...'䶮𬭎ü😀€'].some((one) => inPrinterFont(one, 'gbk'))).toBe(false)
})

test('a value from outside can never become a printer command', () => {
  for (const control of cleanText('a\u001b@\u001dV\u0000b\u0010\u0004\u0001\u009b')) {
    // It is still there, and as it is in no printer's font it is drawn and never sent.
    expect(inPrinterFont(control, 'gb18030')).toBe(control >= ' ' && control <= '~')
  }
  expect(cleanText('张\u202e小\u200b雨\u{e0100}\r\n二\t三')).toBe('张小雨\n二      三')
  expect(cleanText('\ud800')).toBe('\ufffd')
})
